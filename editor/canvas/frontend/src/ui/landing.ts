import { isPort } from "../model/definitions";
import { insertRefusal } from "../model/surgery";
import type { Point } from "../model/layout";
import type { BlockSchema } from "../model/types";
import type { EditorState, Hover } from "../state/state";

/** How near to a link one has to be, in pixels. */
const NEAR = 12;
const PROBES: readonly Point[] = [
  { x: 0, y: 0 },
  { x: 0, y: NEAR },
  { x: 0, y: -NEAR },
  { x: NEAR, y: 0 },
  { x: -NEAR, y: 0 },
];

/** Where a block that is dragged to a point of the window would land: on a link, on a block, or free. */
export function landingOf(root: DocumentOrShadowRoot, at: Point, state: EditorState, schema: BlockSchema): Hover | null {
  const element = elementAt(root, at, ".react-flow__node");
  const isWellInside = element !== null && inset(element.getBoundingClientRect(), at) > NEAR;
  const link = isWellInside ? null : linkAt(root, at, schema);
  const node = state.document.nodes.find((one) => one.id === element?.dataset.id);
  if (link || !node || node.block === schema.type || isPort(node.block) || isPort(schema.type)) return link;
  return { kind: "node", id: node.id };
}

/** How far a point is from the upper or lower edge of a box, where the links end. */
function inset({ top, bottom }: DOMRect, { y }: Point): number {
  return Math.min(y - top, bottom - y);
}

/** The link at a point into which the block may go. */
export function linkAt(root: DocumentOrShadowRoot, at: Point, schema: BlockSchema | undefined): Hover | null {
  if (insertRefusal(schema) !== null) return null;
  const probes = PROBES.map(({ x, y }) => ({ x: at.x + x, y: at.y + y }));
  for (const probe of probes) {
    const key = elementAt(root, probe, ".react-flow__edge")?.dataset.id;
    if (key !== undefined) return { kind: "link", key };
  }
  return null;
}

function elementAt(root: DocumentOrShadowRoot, { x, y }: Point, which: string): HTMLElement | null {
  for (const element of root.elementsFromPoint(x, y)) {
    const found = element.closest<HTMLElement>(which);
    if (found) return found;
  }
  return null;
}
