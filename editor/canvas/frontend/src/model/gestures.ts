import { type Catalog, type Ends, nextOrder, proposal } from "./connections";
import { brought } from "./adoption";
import { isPort, portId } from "./definitions";
import { applyEdit, linkKey } from "./edit";
import { clearOf, freePlace, layout, layoutOf, type Point } from "./layout";
import { freeName, newId, newName } from "./naming";
import { freshNotes, notesAmong } from "./notes";
import type { BlockSchema, Design, DesignNode, Edit, Gesture, Link, NodePatch, Params } from "./types";

/** One gesture of the person = one edit with the words for its undo button. */

export interface Added extends Gesture {
  readonly id: string;
}

/** Drop a block at a place, or below what stands there already. */
export function addAt(design: Design, schema: BlockSchema, place: Point): Added {
  const { type, ...edit } = brought(design, schema);
  const name = newName(schema.preset?.id ?? type, namesOf(design));
  const id = isPort(type) ? portId(type, name) : newId();
  const patch = { block: type, name, params: schema.preset?.values ?? {}, ...clearOf(design, place) };
  return { id, label: `Add ${schema.title}`, edit: { ...edit, nodes: { [id]: patch } } };
}

/** Add a block after the selected one, linked to it where both ends are free; else after the last. */
export function addAfter(
  design: Design,
  catalog: Catalog,
  schema: BlockSchema,
  selected: string | null,
): Added {
  const anchor = design.nodes.find((node) => node.id === selected) ?? design.nodes.at(-1) ?? null;
  const added = addAt(design, schema, freePlace(design, anchor));
  const source = selected === anchor?.id ? anchor : null;
  const port = catalog.get(source?.block ?? "")?.outputs[0]?.name;
  const target = schema.inputs[0]?.name;
  if (!source || port === undefined || target === undefined) return added;
  const ends = { source: source.id, source_port: port, target: added.id, target_port: target };
  return { ...added, edit: { ...added.edit, links: { [linkKey(ends)]: { order: 0 } } } };
}

export function removal(
  design: Design,
  nodes: readonly string[],
  links: readonly string[],
  notes: readonly string[] = [],
): Gesture {
  const gone = new Set(nodes);
  const edit: Edit = {
    nodes: Object.fromEntries(nodes.map((id) => [id, null])),
    links: Object.fromEntries(links.map((key) => [key, null])),
    ...(notes.length && { notes: Object.fromEntries(notes.map((id) => [id, null])) }),
  };
  const onlyNotes = nodes.length + links.length === 0;
  const words = onlyNotes ? (notes.length === 1 ? "note" : `${notes.length} notes`) : null;
  return { label: `Remove ${words ?? removalWords(design, gone, links.length)}`, edit };
}

function removalWords(design: Design, gone: ReadonlySet<string>, links: number): string {
  if (gone.size === 0) return links === 1 ? "link" : `${links} links`;
  if (gone.size > 1) return `${gone.size} blocks`;
  return design.nodes.find((node) => gone.has(node.id))?.name ?? "block";
}

export function connection(design: Design, ends: Ends): Gesture {
  const name = (id: string) => design.nodes.find((node) => node.id === id)?.name ?? "block";
  return {
    label: `Link ${name(ends.source)} to ${name(ends.target)}`,
    edit: { links: { [linkKey(ends)]: { order: nextOrder(design, ends) } } },
  };
}

/** Move nodes and notes, and change the size of notes; null when nothing has moved. */
export function movement(design: Design, places: ReadonlyMap<string, Place>, label?: string): Gesture | null {
  const notes = notesMoved(design, places);
  const moved = design.nodes.filter((node) => {
    const place = places.get(node.id);
    return place && (place.x !== node.x || place.y !== node.y);
  });
  if (moved.length === 0 && !notes) return null;
  const nodes = Object.fromEntries(
    moved.map((node) => {
      const { x, y } = places.get(node.id) ?? node;
      return [node.id, { x, y }];
    }),
  );
  const what = moved.length === 0 ? "note" : moved.length === 1 ? moved[0]?.name : `${moved.length} blocks`;
  return { label: label ?? `Move ${what}`, edit: { nodes, ...(notes && { notes }) } };
}

/** Where something stands, and how large it is where that can be changed. */
interface Place extends Point {
  readonly width?: number;
  readonly height?: number;
}

function notesMoved({ notes = {} }: Design, places: ReadonlyMap<string, Place>): Edit["notes"] {
  const moved = Object.entries(notes).flatMap(([id, note]) => {
    const { x, y, width = note.width, height = note.height } = places.get(id) ?? note;
    const same = x === note.x && y === note.y && width === note.width && height === note.height;
    return same ? [] : [[id, { x, y, width, height }] as const];
  });
  return moved.length ? Object.fromEntries(moved) : undefined;
}

/** Put all blocks, or those chosen, where they are easy to read. */
export function arrangement(design: Design, ids?: readonly string[]): Gesture | null {
  if (!ids) return movement(design, layout(design), "Arrange blocks");
  return movement(design, layoutOf(design, ids), `Arrange ${ids.length} blocks`);
}

export function fieldChange(design: Design, id: string, patch: NodePatch, field: string): Gesture {
  const name = design.nodes.find((node) => node.id === id)?.name ?? "block";
  return { label: `Change ${field} of ${name}`, edit: { nodes: { [id]: patch } } };
}

export function paramChange(design: Design, id: string, params: Params, label: string): Gesture {
  return fieldChange(design, id, { params }, label.toLowerCase());
}

export interface Copied extends Gesture {
  readonly ids: readonly string[];
  /** The ids of the new notes. */
  readonly notes: readonly string[];
}

/** Copies of nodes, of the links among them and of notes, a little to the right and below. */
export function duplication(
  design: Design,
  ids: readonly string[],
  noteIds: readonly string[] = [],
): Copied | null {
  const originals = design.nodes.filter((node) => ids.includes(node.id));
  const notes = freshNotes(notesAmong(design.notes, noteIds), 40);
  const noteCount = Object.keys(notes).length;
  if (originals.length + noteCount === 0) return null;
  const fresh = new Map(originals.map((node) => [node.id, newId()]));
  const taken = namesOf(design);
  const nodes: Record<string, NodePatch> = {};
  for (const { id, ...node } of originals) {
    const name = freeName(node.name, taken);
    taken.add(name);
    nodes[fresh.get(id) ?? id] = { ...node, name, layer_names: {}, x: node.x + 40, y: node.y + 40 };
  }
  const links = Object.fromEntries(innerLinks(design.links, fresh));
  return {
    ids: [...fresh.values()],
    notes: Object.keys(notes),
    label: `Duplicate ${spokenOf(originals, noteCount)}`,
    edit: { nodes, links, ...(noteCount && { notes }) },
  };
}

/** Blocks and notes in the words of an undo button: the one block's name, or how many there are. */
export function spokenOf(nodes: readonly DesignNode[], notes: number): string {
  const words = (count: number, what: string) => (count === 1 ? what : `${count} ${what}s`);
  if (nodes.length === 0) return words(notes, "note");
  return nodes.length === 1 ? (nodes[0]?.name ?? "block") : words(nodes.length, "block");
}

function innerLinks(
  links: readonly Link[],
  fresh: ReadonlyMap<string, string>,
): [string, { order: number }][] {
  return links.flatMap((link) => {
    const source = fresh.get(link.source);
    const target = fresh.get(link.target);
    if (!source || !target) return [];
    return [[linkKey({ ...link, source, target }), { order: link.order }] as [string, { order: number }]];
  });
}

function namesOf(design: Design): Set<string> {
  return new Set(design.nodes.map((node) => node.name));
}

/** Take one of a block's inputs away. */
export function cutting(name: string, source: string, link: Link): Gesture {
  return { label: `Cut ${source} from ${name}`, edit: { links: { [linkKey(link)]: null } } };
}

/** Move one of a block's inputs up by one place. */
export function reordering(name: string, incoming: readonly Link[], index: number): Gesture {
  const moved = incoming.toSpliced(index - 1, 2, ...incoming.slice(index - 1, index + 1).toReversed());
  const links = Object.fromEntries(moved.map((link, order) => [linkKey(link), { order }]));
  return { label: `Reorder inputs of ${name}`, edit: { links } };
}

/** Link selected blocks one after the other, in the order in which they were selected. */
export function chaining(design: Design, catalog: Catalog, ids: readonly string[]): Gesture | null {
  let drawn = design;
  const edits = ids.slice(1).map((over, index) => {
    const node = ids[index] ?? "";
    const block = design.nodes.find((one) => one.id === node)?.block ?? "";
    const port = catalog.get(block)?.outputs[0]?.name ?? "out";
    const { ends, refusal } = proposal(drawn, catalog, { node, port, side: "out", over, overPort: null });
    if (refusal !== null) throw new RefusedLink(refusal);
    const { edit } = connection(drawn, ends);
    drawn = applyEdit(drawn, edit).document;
    return edit.links;
  });
  if (edits.length === 0) return null;
  return {
    label: edits.length === 1 ? "Link 2 blocks" : `Link ${ids.length} blocks`,
    edit: { links: Object.assign({}, ...edits) },
  };
}

/** Why a link that was asked for by name may not be drawn. */
export class RefusedLink extends Error {}
