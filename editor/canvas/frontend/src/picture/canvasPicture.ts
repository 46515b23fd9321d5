import { getBezierPath, Position } from "@xyflow/react";
import type { Catalog } from "../model/connections";
import { grouped, shapeText } from "../model/format";
import { linkKey } from "../model/edit";
import { NODE_HEIGHT, NODE_WIDTH } from "../model/layout";
import { firstWords, headline } from "../model/params";
import { lanePath, lanes } from "../model/routes";
import type { BlockSchema, Design, DesignNode, Link, Overlay } from "../model/types";
import { hueOf } from "../ui/theme";
import { oklch } from "./color";
import { noteShapes } from "./notePicture";
import { type Anchor, type Color, type Drawing, fitted, type Measure } from "./drawing";
import { type Path, rectangle, stepsOf, type Text, WHITE } from "./drawing";

/** What the canvas shows of a design. */
export interface Shown {
  readonly document: Design;
  readonly overlay: Overlay;
  readonly catalog: Catalog;
}

const MARGIN = 24;
const LEFT = 16;
const RIGHT = 12;
const INK: Color = [38, 42, 53];
const MUTED: Color = [100, 106, 120];
const LINE: Color = [212, 214, 220];
const LINK: Color = [160, 164, 174];

/** The canvas as a drawing in light colours, whatever part of it is on the screen. */
export function canvasPicture(shown: Shown, measure: Measure): Drawing {
  const { nodes, links, notes = {} } = shown.document;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ways = lanes(shown.document);
  const shapes = [
    ...Object.values(notes).flatMap((note) => noteShapes(note, measure)),
    ...links.flatMap((link) => linkShape(link, byId, shown.catalog, ways.get(linkKey(link)))),
    ...nodes.flatMap((node) => blockShapes(node, shown, measure)),
  ];
  return { ...frame(shapes), shapes };
}

function frame(shapes: readonly (Path | Text)[]): Omit<Drawing, "shapes"> {
  const steps = shapes.flatMap((shape) => (shape.kind === "path" ? shape.steps : []));
  const points = steps.flatMap((step) => step.points);
  const [xs, ys] = [points.filter((_, index) => index % 2 === 0), points.filter((_, index) => index % 2 === 1)];
  const [x, right] = bounds(xs);
  const [y, bottom] = bounds(ys);
  return { x: x - MARGIN, y: y - MARGIN, width: right - x + 2 * MARGIN, height: bottom - y + 2 * MARGIN };
}

function bounds(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    values.length ? [Infinity, -Infinity] : [0, 0],
  );
}

function linkShape(
  link: Link,
  nodes: ReadonlyMap<string, DesignNode>,
  catalog: Catalog,
  lane: number | undefined,
): Path[] {
  const [source, target] = [nodes.get(link.source), nodes.get(link.target)];
  if (!source || !target) return [];
  const ends = {
    sourceX: source.x + NODE_WIDTH * placeOf(catalog.get(source.block)?.outputs, link.source_port),
    sourceY: source.y + NODE_HEIGHT,
    sourcePosition: Position.Bottom,
    targetX: target.x + NODE_WIDTH * placeOf(catalog.get(target.block)?.inputs, link.target_port),
    targetY: target.y,
    targetPosition: Position.Top,
  };
  const { sourceX, sourceY, targetX, targetY } = ends;
  const around = lane === undefined ? null : lanePath({ x: sourceX, y: sourceY }, { x: targetX, y: targetY }, lane);
  const path = around ?? getBezierPath(ends)[0];
  return [{ kind: "path", steps: stepsOf(path), stroke: LINK, width: 1.5 }];
}

/** How far along its block's edge a port is. */
function placeOf(ports: readonly { readonly name: string }[] | undefined, name: string): number {
  const index = ports?.findIndex((port) => port.name === name) ?? -1;
  return ports && index >= 0 ? (index + 1) / (ports.length + 1) : 0.5;
}

function blockShapes(node: DesignNode, { overlay, catalog }: Shown, measure: Measure): (Path | Text)[] {
  const schema = catalog.get(node.block);
  const facts = overlay.nodes[node.id];
  const { x, y } = node;
  const tint = oklch(0.6, 0.15, hueOf(schema?.category ?? ""));
  const words = new Words(node, measure);
  const title = schema?.title ?? node.block;
  const times = node.repeat > 1 ? ` × ${node.repeat}` : "";
  const room = NODE_WIDTH - LEFT - RIGHT - measure(title, 11, false) - 6;
  const shapes: (Path | Text)[] = [
    { kind: "path", steps: rectangle(x, y, NODE_WIDTH, NODE_HEIGHT, 8), fill: WHITE, stroke: LINE, width: 1 },
    { kind: "path", steps: rectangle(x + 5, y + 8, 3, NODE_HEIGHT - 16, 1.5), fill: tint },
    words.at("start", 21, `${node.name}${times}`, 13, INK, true, Math.max(room, 60)),
    words.at("end", 21, title, 11, MUTED),
    words.at("start", 40, faceOf(node, schema), 11.5, MUTED),
    words.at("start", 60, facts?.shape ? shapeText(facts.shape) : "", 11.5, INK),
    words.at("end", 60, facts?.params && facts.params !== "0" ? grouped(facts.params) : "", 11.5, MUTED),
  ];
  return shapes.filter((shape) => shape.kind === "path" || shape.text !== "");
}

function faceOf(node: DesignNode, schema: BlockSchema | undefined): string {
  if (!schema) return `Unknown block ${node.block}`;
  const first = node.repeat > 1 ? firstWords(schema, node.first) : "";
  return [node.frozen ? "frozen" : "", first, headline(schema, node.params)].filter(Boolean).join(" · ");
}

/** Lines of text on a block, cut to the room there is. */
class Words {
  constructor(
    private readonly node: DesignNode,
    private readonly measure: Measure,
  ) {}

  at(
    anchor: Anchor,
    down: number,
    words: string,
    size: number,
    color: Color,
    bold = false,
    room = NODE_WIDTH - LEFT - RIGHT,
  ): Text {
    const x = anchor === "start" ? this.node.x + LEFT : this.node.x + NODE_WIDTH - RIGHT;
    const text = fitted(words, room, size, bold, this.measure);
    return { kind: "text", x, y: this.node.y + down, text, size, bold, color, anchor };
  }
}
