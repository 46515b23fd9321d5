import { foldUp, split } from "../state/requests";
import type { EditorState } from "../state/state";
import { type Action, needsOne, needsSeveral } from "./action";

/** What is done with repeated blocks, and what makes them. */
export const REPEATING: readonly Action[] = [
  {
    id: "unfold-repeats",
    title: "Show or hide its repetitions",
    group: "View",
    keys: ["U"],
    refusal: repeatRefusal,
    run: ({ editor }) => {
      const { selection, folds } = editor.getState();
      const [id = ""] = selection;
      editor.fold(id, folds[id] !== true);
    },
  },
  {
    id: "split",
    title: "Split into single blocks",
    group: "Edit",
    keys: ["Shift+U"],
    refusal: repeatRefusal,
    run: ({ editor }) => split(editor, editor.getState().selection[0] ?? ""),
  },
  {
    id: "fold-up",
    title: "Fold equal blocks into one",
    group: "Edit",
    keys: ["R"],
    refusal: needsSeveral(2),
    run: ({ editor }) => foldUp(editor, editor.getState().selection),
  },
];

function repeatRefusal(state: EditorState): string | null {
  const node = state.document.nodes.find((one) => one.id === state.selection[0]);
  if (!node || state.selection.length > 1) return needsOne(state);
  return node.repeat > 1 ? null : `${node.name} stands here once: set its repeat to 2 or more first.`;
}
