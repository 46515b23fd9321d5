import { isPort } from "../model/definitions";
import { chaining, duplication, RefusedLink, removal } from "../model/gestures";
import { removalHealed } from "../model/surgery";
import type { Editor } from "../state/editor";
import type { EditorState } from "../state/state";
import { type Action, needsAny, needsBlocks, needsBlocksOrNotes, needsContent, needsOne, needsSeveral } from "./action";
import { copySelection, cutSelection, pasteFromClipboard } from "./clipboard";

/** What is done with blocks and links that are there. */
export const EDITING: readonly Action[] = [
  {
    id: "undo",
    title: "Undo",
    group: "Edit",
    icon: "undo",
    keys: ["Mod+Z"],
    refusal: ({ undo }) => (undo ? null : "Nothing to undo"),
    run: ({ editor }) => editor.travel("undo"),
  },
  {
    id: "redo",
    title: "Redo",
    group: "Edit",
    icon: "redo",
    keys: ["Mod+Shift+Z", "Mod+Y"],
    refusal: ({ redo }) => (redo ? null : "Nothing to redo"),
    run: ({ editor }) => editor.travel("redo"),
  },
  {
    id: "cut",
    title: "Cut",
    group: "Edit",
    keys: ["Mod+X"],
    native: true,
    refusal: needsBlocksOrNotes,
    run: ({ editor }) => void cutSelection(editor),
  },
  {
    id: "copy",
    title: "Copy",
    group: "Edit",
    keys: ["Mod+C"],
    native: true,
    refusal: needsBlocksOrNotes,
    run: ({ editor }) => void copySelection(editor),
  },
  {
    id: "paste",
    title: "Paste",
    group: "Edit",
    keys: ["Mod+V"],
    native: true,
    run: (bench) => void pasteFromClipboard(bench),
  },
  {
    id: "duplicate",
    title: "Duplicate",
    group: "Edit",
    keys: ["Mod+D"],
    refusal: needsBlocksOrNotes,
    run: ({ editor }) => duplicateSelection(editor),
  },
  {
    id: "replace",
    title: "Replace with…",
    group: "Edit",
    keys: ["Shift+R"],
    refusal: replaceRefusal,
    run: ({ editor }) => editor.show({ kind: "palette", purpose: "replace", at: null }),
  },
  {
    id: "rename",
    title: "Rename",
    group: "Edit",
    keys: ["F2"],
    refusal: needsOne,
    run: ({ view }) => view.focusField("node_name"),
  },
  {
    id: "link",
    title: "Link in the order of selection",
    group: "Edit",
    keys: ["L"],
    refusal: needsSeveral(2),
    run: ({ editor }) => linkSelection(editor),
  },
  {
    id: "link-to",
    title: "Link to…",
    group: "Edit",
    keys: ["T"],
    refusal: needsOne,
    run: ({ editor }) => editor.show({ kind: "palette", purpose: "link-to", at: null }),
  },
  {
    id: "link-from",
    title: "Take an input from…",
    group: "Edit",
    keys: ["Shift+T"],
    refusal: needsOne,
    run: ({ editor }) => editor.show({ kind: "palette", purpose: "link-from", at: null }),
  },
  {
    id: "insert",
    title: "Insert a block here…",
    group: "Edit",
    keys: ["I"],
    refusal: ({ selectedLinks }) => (selectedLinks.length === 1 ? null : "Select one link first."),
    run: ({ editor }) => editor.show({ kind: "palette", purpose: "insert", at: null }),
  },
  {
    id: "delete",
    title: "Delete",
    group: "Edit",
    keys: ["Delete", "Backspace"],
    refusal: needsAny,
    run: ({ editor }) => removeSelection(editor),
  },
  {
    id: "delete-joined",
    title: "Take out, join its links",
    group: "Edit",
    keys: ["Shift+Delete", "Shift+Backspace"],
    refusal: needsBlocks,
    run: ({ editor }) => takeOut(editor),
  },
  {
    id: "select-all",
    title: "Select all",
    group: "Edit",
    keys: ["Mod+A"],
    refusal: needsContent,
    run: ({ editor }) => {
      const { nodes, notes = {} } = editor.getState().document;
      editor.select(nodes.map((node) => node.id), [], Object.keys(notes));
    },
  },
  {
    id: "leave",
    title: "Select nothing, then leave an open block",
    group: "Edit",
    keys: ["Escape"],
    run: ({ editor }) => leaveStepByStep(editor),
  },
];

function replaceRefusal(state: EditorState): string | null {
  const [id] = state.selection;
  const node = state.document.nodes.find((one) => one.id === id);
  return node && isPort(node.block) ? "A port cannot be replaced by a block." : needsOne(state);
}

function removeSelection(editor: Editor): void {
  const { document, selection, selectedLinks, selectedNotes } = editor.getState();
  editor.apply(removal(document, selection, selectedLinks, selectedNotes));
}

function takeOut(editor: Editor): void {
  const { document, catalog, selection } = editor.getState();
  editor.apply(removalHealed(document, catalog, selection));
}

/** Link what is selected, first to second to third; a refused link says why. */
function linkSelection(editor: Editor): void {
  const { document, catalog, selection } = editor.getState();
  try {
    editor.apply(chaining(document, catalog, selection));
  } catch (error) {
    if (!(error instanceof RefusedLink)) throw error;
    editor.say(error.message);
  }
}

function duplicateSelection(editor: Editor): void {
  const { document, selection, selectedNotes } = editor.getState();
  const copied = duplication(document, selection, selectedNotes);
  if (!copied) return;
  editor.apply(copied);
  editor.select(copied.ids, [], copied.notes);
}

/** First the selection goes, then the definition that is open. */
function leaveStepByStep(editor: Editor): void {
  const { selection, selectedLinks, selectedNotes, inside } = editor.getState();
  if (selection.length + selectedLinks.length + selectedNotes.length > 0) editor.select([]);
  else if (inside.length > 0) editor.enter(inside.slice(0, -1));
}
