import { GRID, NODE_HEIGHT, NODE_WIDTH, type Point } from "./layout";

/** Lining up a selection. Every function gives the new places and leaves what it was given alone. */

export interface Box extends Point {
  readonly id: string;
}

export type Edge = "left" | "centre" | "right" | "top" | "middle" | "bottom";
export type Axis = "x" | "y";

/**
 * Bring boxes onto one line: the outermost for an edge, half way between the outermost for a middle.
 * All blocks have one size, so their right edges meet where their left edges do.
 */
export function aligned(boxes: readonly Box[], edge: Edge): Map<string, Point> {
  const axis: Axis = edge === "left" || edge === "centre" || edge === "right" ? "x" : "y";
  const along = boxes.map((box) => box[axis]);
  const least = Math.min(...along);
  const most = Math.max(...along);
  const middle = (least + most) / 2;
  const line = { left: least, top: least, centre: middle, middle, right: most, bottom: most }[edge];
  return new Map(boxes.map((box) => [box.id, { x: box.x, y: box.y, [axis]: Math.round(line) }]));
}

/** Equal distances between boxes; the first and the last stay, unless they would overlap: then all move apart. */
export function distributed(boxes: readonly Box[], axis: Axis): Map<string, Point> {
  const sorted = boxes.toSorted((a, b) => a[axis] - b[axis]);
  const first = sorted[0]?.[axis] ?? 0;
  const last = sorted.at(-1)?.[axis] ?? 0;
  const size = axis === "x" ? NODE_WIDTH : NODE_HEIGHT;
  const step = Math.max((last - first) / Math.max(1, sorted.length - 1), size + GRID);
  return new Map(
    sorted.map((box, index) => [box.id, { x: box.x, y: box.y, [axis]: Math.round(first + index * step) }]),
  );
}

export function shifted(boxes: readonly Box[], by: Point): Map<string, Point> {
  return new Map(boxes.map((box) => [box.id, { x: box.x + by.x, y: box.y + by.y }]));
}

export interface Guide {
  readonly axis: Axis;
  /** The coordinate of the line, and from where to where it reaches. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface Snap {
  /** How far to move what is dragged, so that it stands in line. */
  readonly by: Point;
  readonly guides: readonly Guide[];
}

/** More than a step of the grid, so that one step off is in reach. */
const REACH = 10;

/** Pull dragged boxes into line with the nearest of the others, along each axis for itself. */
export function snap(dragged: readonly Box[], others: readonly Box[]): Snap {
  const x = nearest(dragged, others, "x");
  const y = nearest(dragged, others, "y");
  const by = { x: x?.by ?? 0, y: y?.by ?? 0 };
  const guides = [x, y].flatMap((found) => (found ? [guide(found, others, by)] : []));
  return { by, guides };
}

interface Found {
  readonly axis: Axis;
  readonly box: Box;
  readonly by: number;
}

function nearest(dragged: readonly Box[], others: readonly Box[], axis: Axis): Found | null {
  let best: Found | null = null;
  for (const box of dragged) {
    for (const other of others) {
      const by = other[axis] - box[axis];
      if (Math.abs(by) <= REACH && (best === null || Math.abs(by) < Math.abs(best.by))) best = { axis, box, by };
    }
  }
  return best;
}

/** A line through the middles of all boxes that stand in line with the one that was pulled. */
function guide({ axis, box, by }: Found, others: readonly Box[], moved: Point): Guide {
  const across: Axis = axis === "x" ? "y" : "x";
  const [size, length] = axis === "x" ? [NODE_WIDTH, NODE_HEIGHT] : [NODE_HEIGHT, NODE_WIDTH];
  const line = box[axis] + by;
  const reach = others.filter((other) => other[axis] === line).map((other) => other[across]);
  reach.push(box[across] + moved[across]);
  return { axis, at: line + size / 2, from: Math.min(...reach), to: Math.max(...reach) + length };
}
