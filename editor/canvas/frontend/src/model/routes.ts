import { linkKey } from "./edit";
import { NODE_HEIGHT, NODE_WIDTH, type Point } from "./layout";
import type { Design, Link } from "./types";

/** Links that would run through blocks are led around them, in lanes beside. */

/** How far a link leaves its block before it turns. */
export const STUB = 14;
const BESIDE = 26;
const BETWEEN = 14;
const CLEAR = 8;
const MOST_LANES = 60;

interface Lane {
  readonly x: number;
  readonly from: number;
  readonly to: number;
  readonly link: Link;
}

/** Where links go down that cannot go straight: the x of their lane, by the key of the link. */
export function lanes({ nodes, links }: Pick<Design, "nodes" | "links">): Map<string, number> {
  const places = new Map<string, Point>(nodes.map((node) => [node.id, node]));
  const all = [...places.values()];
  const drop = (link: Link) => (places.get(link.target)?.y ?? 0) - (places.get(link.source)?.y ?? 0);
  const found: Lane[] = [];
  // Short ones first: they stay inside, long ones go around them.
  for (const link of links.toSorted((a, b) => drop(a) - drop(b))) {
    const [start, end] = [places.get(link.source), places.get(link.target)];
    if (!start || !end || (leadsDown(start, end) && isFree(start, end, all))) continue;
    found.push(laneFor(link, start, end, all, found));
  }
  return new Map(found.map((lane) => [linkKey(lane.link), lane.x]));
}

/** Whether a link can go down from one block to the other; else it is led up beside them. */
function leadsDown(start: Point, end: Point): boolean {
  return end.y >= start.y + NODE_HEIGHT;
}

/** Whether nothing stands between two blocks. */
function isFree(start: Point, end: Point, all: readonly Point[]): boolean {
  const left = Math.min(start.x, end.x) + NODE_WIDTH / 2 - CLEAR;
  const right = Math.max(start.x, end.x) + NODE_WIDTH / 2 + CLEAR;
  return !all.some((one) => one !== start && one !== end && crosses(one, left, right, start.y + NODE_HEIGHT, end.y));
}

function crosses(one: Point, left: number, right: number, top: number, bottom: number): boolean {
  return one.x < right && one.x + NODE_WIDTH > left && one.y < bottom && one.y + NODE_HEIGHT > top;
}

function laneFor(link: Link, start: Point, end: Point, all: readonly Point[], others: readonly Lane[]): Lane {
  const turns = [start.y + NODE_HEIGHT + STUB, end.y - STUB];
  const [from, to] = [Math.min(...turns), Math.max(...turns)];
  const ends = leadsDown(start, end) ? [start, end] : [];
  const beside = all.filter((one) => !ends.includes(one) && one.y < to && one.y + NODE_HEIGHT > from);
  const isOpen = (x: number) =>
    !beside.some((one) => crosses(one, x - CLEAR, x + CLEAR, from, to)) &&
    !others.some((lane) => Math.abs(lane.x - x) < BETWEEN && lane.from < to && from < lane.to && !shares(lane, link));
  const x = candidates(start, end, beside).find(isOpen) ?? start.x + NODE_WIDTH + BESIDE;
  return { x, from, to, link };
}

/** Links of one source, or into one target, may run in one lane: it reads as a line that splits. */
function shares({ link }: Lane, other: Link): boolean {
  return link.source === other.source || link.target === other.target;
}

/** Straight down from the start or onto the end, else beside what stands between, the nearest first. */
function candidates(start: Point, end: Point, beside: readonly Point[]): number[] {
  const [down, onto] = [start.x + NODE_WIDTH / 2, end.x + NODE_WIDTH / 2];
  const around = [start, end, ...beside].flatMap((one) =>
    Array.from({ length: MOST_LANES }, (_, lane) => BESIDE + lane * BETWEEN).flatMap((away) => [
      one.x + NODE_WIDTH + away,
      one.x - away,
    ]),
  );
  // Among equally near ones the right side, and the one nearer to the end.
  const side = (x: number) => (x < Math.min(down, onto) ? 1 : 0) + Math.abs(x - onto) / 1e5;
  const far = (x: number) => Math.abs(x - down) + Math.abs(x - onto) + side(x);
  return [down, onto, ...[...new Set(around)].sort((a, b) => far(a) - far(b))];
}

const RADIUS = 10;

/** The way from port to port through a lane, with round corners, as the path of an SVG. */
export function lanePath(start: Point, end: Point, lane: number): string {
  const [top, bottom] = [start.y + STUB, end.y - STUB];
  const corners = [start, { x: start.x, y: top }, { x: lane, y: top }, { x: lane, y: bottom }, { x: end.x, y: bottom }, end];
  return rounded(corners.filter((point, index) => index === 0 || !same(point, corners[index - 1] as Point)));
}

function same(a: Point, b: Point): boolean {
  return Math.abs(a.x - b.x) < 0.5 && Math.abs(a.y - b.y) < 0.5;
}

function rounded(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  const steps = rest.map((corner, index) => {
    const [before, after] = [points[index] ?? corner, points[index + 2]];
    if (!after) return `L${corner.x} ${corner.y}`;
    const radius = Math.min(RADIUS, reach(before, corner) / 2, reach(corner, after) / 2);
    const [into, out] = [towards(corner, before, radius), towards(corner, after, radius)];
    return `L${into.x} ${into.y}Q${corner.x} ${corner.y} ${out.x} ${out.y}`;
  });
  return `M${first.x} ${first.y}${steps.join("")}`;
}

function reach(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function towards(from: Point, to: Point, by: number): Point {
  const length = reach(from, to) || 1;
  return { x: from.x + ((to.x - from.x) * by) / length, y: from.y + ((to.y - from.y) * by) / length };
}
