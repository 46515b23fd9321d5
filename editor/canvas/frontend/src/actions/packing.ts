import { definitionOf, isPort } from "../model/definitions";
import type { Editor } from "../state/editor";
import { unpack } from "../state/requests";
import type { EditorState } from "../state/state";
import { type Action, needsBlocks, needsOne } from "./action";

/** What is done with a block as a whole: its weights, its layers, a block of one's own made of several. */
export const PACKING: readonly Action[] = [
  {
    id: "freeze",
    title: "Freeze or unfreeze weights",
    group: "Edit",
    refusal: needsBlocks,
    run: ({ editor }) => freezeSelection(editor),
  },
  {
    id: "pack",
    title: "Make a block of these",
    group: "Edit",
    keys: ["Mod+G"],
    refusal: packRefusal,
    run: ({ editor }) => editor.askAboutPacking(true),
  },
  {
    id: "unpack",
    title: "Unpack into its blocks",
    group: "Edit",
    keys: ["Mod+Shift+G"],
    refusal: ownRefusal,
    run: ({ editor }) => unpack(editor, editor.getState().selection[0] ?? ""),
  },
  {
    id: "open",
    title: "Open the definition",
    group: "Edit",
    refusal: ownRefusal,
    run: ({ editor }) => openOwn(editor),
  },
  {
    id: "fold",
    title: "Show or hide its layers in the diagram",
    group: "Edit",
    refusal: foldRefusal,
    run: ({ editor }) => foldSelected(editor),
  },
];

function packRefusal({ document, catalog, selection }: EditorState): string | null {
  const chosen = document.nodes.filter((node) => selection.includes(node.id));
  if (chosen.length === 0) return "Select the blocks to make a block of first.";
  const input = chosen.find((node) => isPort(node.block) || catalog.get(node.block)?.inputs.length === 0);
  return input ? `${input.name} cannot be part of a block: leave inputs and ports out.` : null;
}

function ownOf({ document, selection, whole }: EditorState): string | null {
  const node = document.nodes.find((one) => one.id === selection[0]);
  const own = node ? definitionOf(node.block) : null;
  return own !== null && selection.length === 1 && Object.hasOwn(whole.definitions, own) ? own : null;
}

function ownRefusal(state: EditorState): string | null {
  return ownOf(state) === null ? "Select one block of your own first." : null;
}

function openOwn(editor: Editor): void {
  const own = ownOf(editor.getState());
  if (own !== null) editor.enter([...editor.getState().inside, own]);
}

function foldRefusal(state: EditorState): string | null {
  const [id] = state.selection;
  if (state.inside.length > 0) return "Leave the open block first: it has no diagram of its own to fold.";
  const layers = state.overlay.nodes[id ?? ""]?.layers ?? 0;
  return needsOne(state) ?? (layers > 1 ? null : "This block has one layer: there is nothing to fold.");
}

function foldSelected(editor: Editor): void {
  const { selection, folds } = editor.getState();
  const [id = ""] = selection;
  editor.fold(id, !(folds[id] ?? false));
}

function freezeSelection(editor: Editor): void {
  const { document, selection } = editor.getState();
  const chosen = document.nodes.filter((node) => selection.includes(node.id));
  const [first] = chosen;
  if (!first) return;
  const frozen = !first.frozen;
  const what = chosen.length === 1 ? first.name : `${chosen.length} blocks`;
  const edit = { nodes: Object.fromEntries(chosen.map((node) => [node.id, { frozen }])) };
  editor.apply({ label: `${frozen ? "Freeze" : "Unfreeze"} ${what}`, edit });
}
