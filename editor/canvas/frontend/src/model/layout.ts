import dagre from "@dagrejs/dagre";
import { inColumns } from "./columns";
import type { Design } from "./types";

export const NODE_WIDTH = 224;
export const NODE_HEIGHT = 72;
export const GRID = 8;
/** Between one row of blocks and the next. */
const GAP = 40;
/** Between columns, with room for the link that leads from the foot of one to the head of the next. */
const COLUMN_GAP = 64;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function snapped({ x, y }: Point): Point {
  return { x: Math.round(x / GRID) * GRID, y: Math.round(y / GRID) * GRID };
}

/** Places for all nodes, read from top to bottom, long designs in columns, on the grid. */
export function layout(design: Design): Map<string, Point> {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 40, ranksep: GAP, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of design.nodes) graph.setNode(node.id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  design.links.forEach((link, index) => {
    graph.setEdge(link.source, link.target, {}, String(index));
  });
  dagre.layout(graph);
  const places = new Map(design.nodes.map((node) => [node.id, topLeft(graph.node(node.id))]));
  return inColumns(places, design.links, { width: NODE_WIDTH, gap: COLUMN_GAP });
}

function topLeft(centre: Point): Point {
  return snapped({ x: centre.x - NODE_WIDTH / 2, y: centre.y - NODE_HEIGHT / 2 });
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
