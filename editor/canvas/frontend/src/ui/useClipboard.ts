import { type RefObject, useEffect } from "react";
import { cutAway, pasteText } from "../actions/clipboard";
import { copied } from "../model/clipboard";
import { useEditor } from "../state/useEditor";
import { useReveal } from "./useReveal";

const TEXT_FIELDS = 'input:not([type="checkbox"]), textarea, [contenteditable="true"]';

/** Copy, cut and paste of blocks and notes, also between tabs and designs. In a text field they are the field's. */
export function useClipboard(root: RefObject<HTMLElement | null>): void {
  const editor = useEditor();
  const reveal = useReveal();
  useEffect(() => {
    const copy = (event: ClipboardEvent) => {
      if (!isMeant(event, root.current)) return;
      const { document: design, selection, selectedNotes } = editor.getState();
      const text = copied(design, selection, selectedNotes);
      if (text === null) return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      if (event.type === "cut") cutAway(editor);
    };
    const paste = (event: ClipboardEvent) => {
      if (!isMeant(event, root.current)) return;
      event.preventDefault();
      const id = pasteText(editor, event.clipboardData?.getData("text/plain") ?? "");
      if (id !== undefined) reveal(id);
    };
    const listeners = { copy, cut: copy, paste };
    for (const [kind, listener] of Object.entries(listeners)) {
      document.addEventListener(kind as "copy", listener);
    }
    return () => {
      for (const [kind, listener] of Object.entries(listeners)) {
        document.removeEventListener(kind as "copy", listener);
      }
    };
  }, [editor, reveal, root]);
}

/** Whether the canvas is meant: it has the focus, or nothing has, and no text is selected. */
function isMeant(event: ClipboardEvent, root: HTMLElement | null): boolean {
  const [target] = event.composedPath();
  if (!root || !(target instanceof Element) || target.matches(TEXT_FIELDS)) return false;
  if (event.type !== "paste" && String(getSelection()) !== "") return false;
  return target === document.body || event.composedPath().includes(root);
}
