import { adopted, retyped } from "./adoption";
import { definitionOf, heldBy, isPort, mayStandIn } from "./definitions";
import { linkKey } from "./edit";
import { type Copied, spokenOf } from "./gestures";
import type { Point } from "./layout";
import { freeName, newId } from "./naming";
import { freshNotes, isNote, notesAmong } from "./notes";
import type { Definition, Design, DesignNode, Link, NodePatch } from "./types";

/** Blocks and notes on their way through the clipboard: a piece of a design file, own definitions included. */

const STEP = 40;

/**
 * The chosen blocks, the links among them and the chosen notes as the text of a design file; null where
 * nothing is chosen. The design's weights and its budget stay with it.
 */
export function copied(
  { format, name, links, definitions, ...design }: Design,
  ids: readonly string[],
  noteIds: readonly string[] = [],
): string | null {
  const nodes = design.nodes.filter((node) => ids.includes(node.id) && !isPort(node.block));
  const notes = notesAmong(design.notes, noteIds);
  if (nodes.length + Object.keys(notes).length === 0) return null;
  const inside = new Set(nodes.map((node) => node.id));
  const held = [...heldBy(definitions, nodes)].flatMap((id) => {
    const data = definitions[id];
    return data ? [[id, data] as const] : [];
  });
  return JSON.stringify({
    format,
    version: 1, // weights and budget, which later versions are about, stay where they are
    name,
    nodes,
    links: links.filter((link) => inside.has(link.source) && inside.has(link.target)),
    definitions: Object.fromEntries(held),
    notes,
  });
}

/** Text that is no design, or one with parts that cannot be drawn here. */
export class ForeignText extends Error {}

/** New blocks and notes as they stand in a text, under ids and names of their own; one edit. */
export function pasted(design: Design, text: string, open: string | undefined): Copied {
  const piece = read(text);
  if (open !== undefined && piece.nodes.length === 0) {
    throw new ForeignText("Notes belong to the design as a whole: leave the open block to paste them.");
  }
  const types = new Map<string, string>();
  const definitions = adopted(design.definitions, piece, types);
  const all = { ...design.definitions, ...definitions };
  const originals = piece.nodes.map((node) => retyped(node, types));
  const loop = originals.find((node) => open !== undefined && !mayStandIn(all, node.block, open));
  if (loop) throw new ForeignText(`${loop.name} holds the block that is open, so it cannot stand in it.`);
  const fresh = new Map(originals.map((node) => [node.id, newId()]));
  const shift = freeShift(design, [...originals, ...Object.values(piece.notes ?? {})]);
  const notes = freshNotes(open === undefined ? piece.notes : {}, shift);
  return {
    ids: [...fresh.values()],
    notes: Object.keys(notes),
    label: `Paste ${spokenOf(originals, Object.keys(notes).length)}`,
    edit: {
      ...(Object.keys(definitions).length ? { definitions } : {}),
      nodes: newNodes(design, originals, fresh, shift),
      links: Object.fromEntries(newLinks(piece.links, fresh)),
      ...(Object.keys(notes).length ? { notes } : {}),
    },
  };
}

function newNodes(
  design: Design,
  originals: readonly DesignNode[],
  fresh: ReadonlyMap<string, string>,
  shift: number,
) {
  const taken = new Set(design.nodes.map((node) => node.name));
  const nodes: Record<string, NodePatch> = {};
  for (const { id, ...node } of originals) {
    const name = freeName(node.name, taken);
    taken.add(name);
    const layer_names = name === node.name ? node.layer_names : {};
    nodes[fresh.get(id) ?? id] = { ...node, name, layer_names, x: node.x + shift, y: node.y + shift };
  }
  return nodes;
}

function newLinks(links: readonly Link[], fresh: ReadonlyMap<string, string>) {
  return links.flatMap((link) => {
    const [source, target] = [fresh.get(link.source), fresh.get(link.target)];
    return source && target ? [[linkKey({ ...link, source, target }), { order: link.order }] as const] : [];
  });
}

/** How far to move what is pasted, so that it does not lie exactly on what is there. */
function freeShift(design: Design, originals: readonly Point[]): number {
  const there = [...design.nodes, ...Object.values(design.notes ?? {})];
  const places = new Set(there.map(({ x, y }) => `${x} ${y}`));
  let shift = 0;
  while (originals.some(({ x, y }) => places.has(`${x + shift} ${y + shift}`))) shift += STEP;
  return shift;
}

/** The design in a text, as far as its shape can be trusted; Python checks every value again. */
function read(text: string): Design {
  const data = parsed(text) as Partial<Design> | null;
  const isOurs = data?.format === "blockwright" && data.version === 1;
  const notes = Object.fromEntries(Object.entries(isObject(data?.notes) ? data.notes : {}).filter(isNote));
  const isEmpty = data?.nodes?.length === 0 && Object.keys(notes).length === 0;
  if (!isOurs || !isList(data.nodes) || !data.nodes.every(isNode) || isEmpty) {
    throw new ForeignText("There are no blocks in the clipboard.");
  }
  const links = isList(data.links) ? data.links.filter(isLink) : [];
  const definitions = isObject(data.definitions) ? data.definitions : {};
  if (!Object.values(definitions).every(isDefinition)) {
    throw new ForeignText("The own blocks in the clipboard are damaged.");
  }
  const unknown = data.nodes.find((node) => {
    const own = definitionOf(node.block);
    return own !== null && !Object.hasOwn(definitions, own);
  });
  if (unknown) throw new ForeignText(`The definition of ${unknown.name} is missing in the clipboard.`);
  return { format: data.format ?? "", version: 1, name: "", nodes: data.nodes.map(whole), links, definitions, notes };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** A node with every field it may leave out, and none it may not have. */
function whole({ id, name, block, params, repeat, first, frozen, note, x, y, layer_names }: DesignNode): DesignNode {
  return {
    id,
    name,
    block,
    params: params ?? {},
    repeat: repeat ?? 1,
    first: first ?? {},
    frozen: frozen ?? false,
    note: note ?? "",
    x: Number.isFinite(x) ? x : 0,
    y: Number.isFinite(y) ? y : 0,
    layer_names: layer_names ?? {},
  };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isNode(value: unknown): value is DesignNode {
  const node = value as Partial<DesignNode> | null;
  return isObject(node) && [node.id, node.name, node.block].every((word) => typeof word === "string" && word !== "");
}

function isLink(value: unknown): value is Link {
  const link = value as Partial<Link> | null;
  return isObject(link) && [link.source, link.target].every((word) => typeof word === "string");
}

function isDefinition(value: unknown): value is Definition {
  const data = value as Partial<Definition> | null;
  const lists = [data?.nodes, data?.links, data?.inputs, data?.outputs, data?.params];
  return lists.every(isList) && (data?.nodes ?? []).every(isNode);
}
