import type { Point } from "./layout";
import type { Link } from "./types";

/** Fewer rows than this fit on a screen as they are. */
const ROWS_FROM = 11;
/** A drawing this much wider than high suits the pane. */
const ASPECT = 2;

/** A last column shorter than this part of the others is no column of its own. */
const LEAST_SHARE = 3;

export interface Cell {
  readonly width: number;
  readonly gap: number;
}

/**
 * Break a long drawing into columns, each read from top to bottom, as text is. It is only cut where
 * one output alone is read further down, so branches and shortcuts stay together.
 */
export function inColumns(
  places: Map<string, Point>,
  links: readonly Link[],
  cell: Cell,
): Map<string, Point> {
  const rows = [...new Set([...places.values()].map((place) => place.y))].sort((a, b) => a - b);
  if (rows.length < ROWS_FROM) return places;
  const tops = columnTops(rows, places, links, perColumn(rows, places, cell));
  const columns = Map.groupBy(places.keys(), (id) => tops.findLastIndex((top) => yOf(places, id) >= top));
  const moved = new Map<string, Point>();
  let left = 0;
  for (const column of tops.keys()) {
    const ids = columns.get(column) ?? [];
    const xs = ids.map((id) => places.get(id)?.x ?? 0);
    const shift = { x: left - Math.min(...xs), y: tops[column] ?? 0 };
    for (const id of ids)
      moved.set(id, { x: (places.get(id)?.x ?? 0) + shift.x, y: yOf(places, id) - shift.y });
    left += Math.max(...xs) - Math.min(...xs) + cell.width + cell.gap;
  }
  return moved;
}

function yOf(places: ReadonlyMap<string, Point>, id: string): number {
  return places.get(id)?.y ?? 0;
}

/** How many rows make columns that together have the wanted aspect. */
function perColumn(
  rows: readonly number[],
  places: ReadonlyMap<string, Point>,
  { width, gap }: Cell,
): number {
  const xs = [...places.values()].map((place) => place.x);
  const columnWidth = Math.max(...xs) - Math.min(...xs) + width + gap;
  const height = (rows.at(-1) ?? 0) - (rows[0] ?? 0);
  const columns = Math.max(1, Math.round(Math.sqrt((ASPECT * height) / columnWidth)));
  return Math.ceil(rows.length / columns);
}

function columnTops(
  rows: readonly number[],
  places: ReadonlyMap<string, Point>,
  links: readonly Link[],
  most: number,
): number[] {
  const crossing = (y: number) => {
    const across = links.filter((link) => yOf(places, link.source) < y && yOf(places, link.target) >= y);
    return new Set(across.map((link) => link.source)).size;
  };
  const tops = [rows[0] ?? 0];
  let begun = 0;
  rows.forEach((y, row) => {
    const isStub = rows.length - row < most / LEAST_SHARE;
    if (row - begun < most || isStub || crossing(y) > 1) return;
    tops.push(y);
    begun = row;
  });
  return tops;
}
