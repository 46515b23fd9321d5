import { type KeyboardEvent, type RefObject, useCallback } from "react";
import { isPort } from "../model/definitions";
import { chaining, duplication, RefusedLink, removal } from "../model/gestures";
import type { Editor } from "../state/editor";
import { useEditor } from "../state/useEditor";
import { useFitView } from "./useViews";

const FIELDS = "input, textarea, select";
const TEXT_FIELDS = 'input:not([type="checkbox"]), textarea';

/** The editor's keys. In a text field they belong to the field. */
export function useKeyboard(pane: RefObject<HTMLElement | null>) {
  const editor = useEditor();
  const fit = useFitView();
  return useCallback(
    (event: KeyboardEvent) => {
      // Streamlit reruns on "r" and clears caches on "c", wherever on the page they are typed.
      const command = event.ctrlKey || event.metaKey;
      if (event.key.length === 1 && event.key !== " " && !command) event.stopPropagation();
      if (isField(event.target, command ? TEXT_FIELDS : FIELDS)) return;
      if (command ? commandKey(editor, event) : plainKey(editor, event, fit)) {
        event.preventDefault();
        event.stopPropagation();
        if (event.key === "Delete" || event.key === "Backspace") pane.current?.focus();
      }
    },
    [editor, fit, pane],
  );
}

function commandKey(editor: Editor, event: KeyboardEvent): boolean {
  const { document } = editor.getState();
  switch (event.key.toLowerCase()) {
    case "z":
      editor.travel(event.shiftKey ? "redo" : "undo");
      return true;
    case "y":
      editor.travel("redo");
      return true;
    case "a":
      editor.select(document.nodes.map((node) => node.id));
      return true;
    case "g":
      packSelection(editor);
      return true;
    case "d":
      duplicateSelection(editor);
      return true;
    default:
      return false;
  }
}

function plainKey(editor: Editor, event: KeyboardEvent, showAll: () => void): boolean {
  switch (event.key) {
    case "Delete":
    case "Backspace":
      removeSelection(editor);
      return true;
    case "f":
      showAll();
      return true;
    case "l":
      linkSelection(editor);
      return true;
    case "Escape":
      leaveStepByStep(editor);
      return true;
    default:
      return false;
  }
}

/** First the selection goes, then the definition that is open. */
function leaveStepByStep(editor: Editor): void {
  const { selection, selectedLinks, inside } = editor.getState();
  if (selection.length + selectedLinks.length > 0) editor.select([]);
  else if (inside.length > 0) editor.enter(inside.slice(0, -1));
}

/** Ask about the block to be made of the selected ones, or say why there can be none. */
export function packSelection(editor: Editor): void {
  const { document, catalog, selection } = editor.getState();
  const chosen = document.nodes.filter((node) => selection.includes(node.id));
  const input = chosen.find((node) => isPort(node.block) || catalog.get(node.block)?.inputs.length === 0);
  if (chosen.length === 0) editor.say("Select the blocks to make a block of first.");
  else if (input) editor.say(`${input.name} cannot be part of a block: leave inputs and ports out.`);
  else editor.askAboutPacking(true);
}

export function removeSelection(editor: Editor): void {
  const { document, selection, selectedLinks } = editor.getState();
  if (selection.length + selectedLinks.length === 0) return;
  editor.apply(removal(document, selection, selectedLinks));
}

/** Link what is selected, first to second to third; a refused link says why. */
export function linkSelection(editor: Editor): void {
  const { document, catalog, selection } = editor.getState();
  try {
    editor.apply(chaining(document, catalog, selection));
  } catch (error) {
    if (!(error instanceof RefusedLink)) throw error;
    editor.say(error.message);
  }
}

export function duplicateSelection(editor: Editor): void {
  const { selection } = editor.getState();
  const copied = duplication(editor.getState().document, selection);
  if (!copied) return;
  editor.apply(copied);
  editor.select(copied.ids);
}

function isField(target: EventTarget, which: string): boolean {
  return target instanceof HTMLElement && target.matches(which);
}
