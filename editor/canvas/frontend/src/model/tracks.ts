import type { Design, Link } from "./types";

/** Where a node stands in a drawing read from top to bottom: its row, and its track beside the main line, 0. */
export interface Seat {
  readonly row: number;
  readonly track: number;
}

/**
 * Seats for all nodes. The longest path is the main line, straight in track 0; every branch that leaves
 * it is a straight line of its own, in the nearest track free over its length, right and left in turn.
 * A link that another path leads along anyway, a shortcut, takes no seat: it is drawn beside the line.
 */
export function seats({ nodes, links }: Pick<Design, "nodes" | "links">): Map<string, Seat> {
  const ids = new Set(nodes.map((node) => node.id));
  const known = links.filter((link) => ids.has(link.source) && ids.has(link.target));
  const rows = rowsOf([...ids], known);
  const near = Map.groupBy(withoutShortcuts(known, rows), (link) => link.target);
  const found = new Map<string, Seat>();
  let right = 0;
  for (const group of groupsOf([...ids], known)) {
    const tracks = tracksOf(group, rows, near, known);
    const least = Math.min(...tracks.values());
    // Parts that are not linked stand side by side; the first keeps its main line at 0.
    const shift = found.size === 0 ? 0 : right - least;
    for (const [id, track] of tracks) found.set(id, { row: rows.get(id) ?? 0, track: track + shift });
    right = Math.max(...tracks.values()) + shift + 1;
  }
  return found;
}

type Rows = ReadonlyMap<string, number>;

/** One more than the lowest row a node reads from; what goes round in a circle stays where it is. */
function rowsOf(ids: readonly string[], links: readonly Link[]): Map<string, number> {
  const waiting = new Map(ids.map((id) => [id, 0]));
  for (const link of links) waiting.set(link.target, (waiting.get(link.target) ?? 0) + 1);
  const readers = Map.groupBy(links, (link) => link.source);
  const rows = new Map(ids.map((id) => [id, 0]));
  const ready = ids.filter((id) => waiting.get(id) === 0);
  for (const id of ready) {
    for (const { target } of readers.get(id) ?? []) {
      rows.set(target, Math.max(rows.get(target) ?? 0, (rows.get(id) ?? 0) + 1));
      waiting.set(target, (waiting.get(target) ?? 0) - 1);
      if (waiting.get(target) === 0) ready.push(target);
    }
  }
  return rows;
}

/** The links without those whose ends another, longer path joins. */
export function withoutShortcuts(links: readonly Link[], rows: Rows): Link[] {
  const readers = Map.groupBy(links, (link) => link.source);
  const rowOf = (id: string) => rows.get(id) ?? 0;
  return links.filter(({ source, target }) => {
    if (rowOf(target) - rowOf(source) < 2) return true;
    const seen = new Set((readers.get(source) ?? []).map((link) => link.target).filter((id) => id !== target));
    for (const id of seen) {
      for (const link of readers.get(id) ?? []) {
        if (link.target === target) return false;
        if (rowOf(link.target) < rowOf(target)) seen.add(link.target);
      }
    }
    return true;
  });
}

/** The parts of a design that links hold together, in the order of their first nodes. */
function groupsOf(ids: readonly string[], links: readonly Link[]): Set<string>[] {
  const beside = new Map(ids.map((id) => [id, [] as string[]]));
  for (const { source, target } of links) {
    beside.get(source)?.push(target);
    beside.get(target)?.push(source);
  }
  const groups: Set<string>[] = [];
  const done = new Set<string>();
  for (const id of ids) {
    if (done.has(id)) continue;
    const group = new Set([id]);
    for (const one of group) for (const other of beside.get(one) ?? []) group.add(other);
    for (const one of group) done.add(one);
    groups.push(group);
  }
  return groups;
}

interface Stretch {
  readonly track: number;
  readonly from: number;
  readonly to: number;
}

/** A track for every node of a group: first the main line, then branch by branch, the longest first. */
function tracksOf(
  group: ReadonlySet<string>,
  rows: Rows,
  near: ReadonlyMap<string, readonly Link[]>,
  links: readonly Link[],
): Map<string, number> {
  const rowOf = (id: string) => rows.get(id) ?? 0;
  const readers = Map.groupBy(links, (link) => link.source);
  const tracks = new Map<string, number>();
  const taken: Stretch[] = [];
  const deepestFirst = [...group].sort((a, b) => rowOf(b) - rowOf(a));
  for (const end of deepestFirst) {
    if (tracks.has(end)) continue;
    const line = lineTo(end, near, rowOf, tracks);
    const head = line.at(-1) ?? end;
    const origin = (near.get(head) ?? []).map((link) => link.source).find((id) => tracks.has(id));
    const after = (readers.get(end) ?? []).map((link) => rowOf(link.target));
    const from = origin === undefined ? rowOf(head) : rowOf(origin) + 1;
    const to = Math.max(rowOf(end), ...after.map((row) => row - 1));
    const track = freeTrack(tracks.get(origin ?? "") ?? 0, from, to, taken);
    taken.push({ track, from, to });
    for (const id of line) tracks.set(id, track);
  }
  return tracks;
}

/** The longest way up from a node through nodes that have no track yet. */
function lineTo(
  end: string,
  near: ReadonlyMap<string, readonly Link[]>,
  rowOf: (id: string) => number,
  tracks: ReadonlyMap<string, number>,
): string[] {
  const line = [end];
  for (;;) {
    const above = (near.get(line.at(-1) ?? "") ?? [])
      .toSorted((a, b) => a.order - b.order)
      .map((link) => link.source)
      .filter((id) => !tracks.has(id) && !line.includes(id));
    if (above.length === 0) return line;
    line.push(above.reduce((best, id) => (rowOf(id) > rowOf(best) ? id : best)));
  }
}

function freeTrack(beside: number, from: number, to: number, taken: readonly Stretch[]): number {
  const isFree = (track: number) => !taken.some((one) => one.track === track && one.from <= to && from <= one.to);
  for (let step = 0; ; step += 1) {
    if (isFree(beside + step)) return beside + step;
    if (isFree(beside - step)) return beside - step;
  }
}
