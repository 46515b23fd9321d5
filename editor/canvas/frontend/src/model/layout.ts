import { inColumns } from "./columns";
import { seats } from "./tracks";
import type { Design } from "./types";

export const NODE_WIDTH = 224;
export const NODE_HEIGHT = 72;
export const GRID = 8;
/** Between one row of blocks and the next. */
const GAP = 40;
/** From the top of one row to that of the next. */
export const ROW = NODE_HEIGHT + GAP;
/** Between columns, with room for shortcuts and for the link to the head of the next. */
const COLUMN_GAP = 112;
/** Between one track and the next: a shortcut fits in between. */
const BETWEEN = 56;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function snapped({ x, y }: Point): Point {
  return { x: Math.round(x / GRID) * GRID, y: Math.round(y / GRID) * GRID };
}

/** Places for all nodes, read from top to bottom, long designs in columns, on the grid. */
export function layout(design: Design): Map<string, Point> {
  const found = seats(design);
  const place = ({ id }: { id: string }) => {
    const { row, track } = found.get(id) ?? { row: 0, track: 0 };
    return [id, { x: track * (NODE_WIDTH + BETWEEN), y: row * ROW }] as const;
  };
  const places = new Map<string, Point>(design.nodes.map(place));
  return inColumns(places, design.links, { width: NODE_WIDTH, gap: COLUMN_GAP });
}

/** Places for some of the nodes, laid out among themselves where they are now. */
export function layoutOf(design: Design, ids: readonly string[]): Map<string, Point> {
  const nodes = design.nodes.filter((node) => ids.includes(node.id));
  const chosen = new Set(ids);
  const links = design.links.filter((link) => chosen.has(link.source) && chosen.has(link.target));
  const places = layout({ ...design, nodes, links });
  const corner = (all: readonly Point[]) => ({
    x: Math.min(...all.map((one) => one.x)),
    y: Math.min(...all.map((one) => one.y)),
  });
  const [now, then] = [corner(nodes), corner([...places.values()])];
  return new Map([...places].map(([id, { x, y }]) => [id, { x: x - then.x + now.x, y: y - then.y + now.y }]));
}

/** A free place for a new node: under `anchor` where there is one, moved right until nothing is hit. */
export function freePlace(design: Design, anchor: Point | null): Point {
  let place = anchor ? { x: anchor.x, y: anchor.y + NODE_HEIGHT + GAP } : { x: 0, y: 0 };
  while (design.nodes.some((node) => overlaps(node, place))) {
    place = { x: place.x + NODE_WIDTH + 40, y: place.y };
  }
  return snapped(place);
}

/** The place itself, or the next one below it where no node is covered. */
export function clearOf(design: Design, place: Point): Point {
  const covered = design.nodes.find((node) => overlaps(node, place));
  return covered ? clearOf(design, snapped({ x: place.x, y: covered.y + NODE_HEIGHT + GAP })) : place;
}

function overlaps(a: Point, b: Point): boolean {
  return Math.abs(a.x - b.x) < NODE_WIDTH + 8 && Math.abs(a.y - b.y) < NODE_HEIGHT + 8;
}
