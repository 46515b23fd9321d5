import { addAfter, addAt } from "../model/gestures";
import { NODE_HEIGHT, NODE_WIDTH, type Point, snapped } from "../model/layout";
import { addLinked, insertion, replacement } from "../model/surgery";
import type { BlockSchema, Gesture } from "../model/types";
import type { Bench } from "./action";

/** Add a block at a point of the window, or after what is selected, or where the pointer is. */
export function addBlock({ editor, view }: Bench, schema: BlockSchema, at: Point | null): void {
  const { document, catalog, selection } = editor.getState();
  const selected = selection.length === 1 ? (selection[0] ?? null) : null;
  const centre = at ? view.toDrawing(at) : view.pointer();
  const place = { x: centre.x - NODE_WIDTH / 2, y: centre.y - NODE_HEIGHT / 2 };
  const added =
    at === null && selected !== null
      ? addAfter(document, catalog, schema, selected)
      : addLinked(document, catalog, schema, place, selected);
  show({ editor, view }, added, added.id);
}

/** Put a block where it was dropped, linked to nothing. */
export function placeBlock({ editor, view }: Bench, schema: BlockSchema, at: Point): void {
  const centre = view.toDrawing(at);
  const place = snapped({ x: centre.x - NODE_WIDTH / 2, y: centre.y - NODE_HEIGHT / 2 });
  const added = addAt(editor.getState().document, schema, place);
  show({ editor, view }, added, added.id);
}

export function replaceSelected(bench: Bench, schema: BlockSchema): void {
  const { document, catalog, selection } = bench.editor.getState();
  const [id = ""] = selection;
  show(bench, replacement(document, catalog, id, schema), id);
}

export function replaceBlock(bench: Bench, id: string, schema: BlockSchema): void {
  const { document, catalog } = bench.editor.getState();
  show(bench, replacement(document, catalog, id, schema), id);
}

export function insertInto(bench: Bench, key: string, schema: BlockSchema): void {
  const added = insertion(bench.editor.getState().document, schema, key);
  show(bench, added, added.id);
}

function show({ editor, view }: Bench, gesture: Gesture | null, id: string): void {
  editor.apply(gesture);
  editor.select([id]);
  view.reveal(id);
}
