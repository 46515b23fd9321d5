import { brought } from "./adoption";
import { type Catalog, refusal } from "./connections";
import { applyEdit, linkKey, parseLinkKey } from "./edit";
import { type Added, addAt, movement } from "./gestures";
import { clearOf, NODE_HEIGHT, NODE_WIDTH, type Point, ROW, snapped } from "./layout";
import { newName } from "./naming";
import type { BlockSchema, Design, DesignNode, Edit, Gesture, Link, Params } from "./types";

/** Changes in the middle of a network that keep it connected: insert, replace, take out and heal. */

/** Why a block cannot stand within a link, or null when it can. */
export function insertRefusal(schema: BlockSchema | undefined): string | null {
  if (!schema) return "A block of an unknown type has no ports to link.";
  if (schema.inputs.length === 0) return `${schema.title} takes no input, so it cannot stand within a link.`;
  if (schema.outputs.length === 0) return `${schema.title} has no output, so it cannot stand within a link.`;
  return null;
}

/** Put a new block within a link, and move what follows down where it stands in the way. */
export function insertion(design: Design, schema: BlockSchema, key: string): Added {
  const added = addAt(design, schema, betweenEnds(design, key));
  const node = added.edit.nodes?.[added.id] ?? {};
  const place = { x: node.x ?? 0, y: node.y ?? 0 };
  const at = betweenEnds(design, key);
  const nodes = { ...madeRoom(design, key, at), [added.id]: { ...node, ...(place.x === at.x ? at : place) } };
  const links = throughLinks(design, key, added.id, schema);
  return { ...added, label: `Insert ${schema.title}`, edit: { ...added.edit, nodes, links } };
}

/** Put a block that stands free within a link, at the place where it was dropped. */
export function splicing(design: Design, catalog: Catalog, id: string, key: string, place: Point): Gesture | null {
  const node = design.nodes.find((one) => one.id === id);
  const schema = catalog.get(node?.block ?? "");
  if (!node || !schema || insertRefusal(schema) !== null) return null;
  const at = betweenEnds(design, key);
  const moved = movement(design, new Map([[id, Math.abs(at.x - place.x) < NODE_WIDTH / 2 ? at : place]]));
  const nodes = { ...madeRoom(design, key, at, id), ...moved?.edit.nodes };
  return { label: `Insert ${node.name}`, edit: { nodes, links: throughLinks(design, key, id, schema) } };
}

function throughLinks(design: Design, key: string, id: string, schema: BlockSchema): NonNullable<Edit["links"]> {
  const { source, source_port, target, target_port } = parseLinkKey(key);
  const order = design.links.find((link) => linkKey(link) === key)?.order ?? 0;
  const into = { source, source_port, target: id, target_port: schema.inputs[0]?.name ?? "in" };
  const from = { source: id, source_port: schema.outputs[0]?.name ?? "out", target, target_port };
  return { [key]: null, [linkKey(into)]: { order: 0 }, [linkKey(from)]: { order } };
}

/** Below the block that the link comes from, in line with the one it leads to. */
function betweenEnds(design: Design, key: string): Point {
  const { source, target } = parseLinkKey(key);
  const above = design.nodes.find((node) => node.id === source);
  const below = design.nodes.find((node) => node.id === target);
  if (!above || !below) return { x: 0, y: 0 };
  if (below.y < above.y + NODE_HEIGHT) return snapped({ x: above.x, y: above.y + ROW });
  const free = below.y - above.y - 2 * NODE_HEIGHT;
  const y = free > NODE_HEIGHT ? (above.y + below.y) / 2 : above.y + ROW;
  return snapped({ x: (above.x + below.x) / 2, y });
}

/** Moves of what follows a link, by one row, where a block at `place` would not fit above it. */
function madeRoom(design: Design, key: string, place: Point, except = ""): NonNullable<Edit["nodes"]> {
  const { target } = parseLinkKey(key);
  const head = design.nodes.find((node) => node.id === target);
  if (!head || head.y < place.y - NODE_HEIGHT || head.y >= place.y + ROW) return {};
  const by = place.y + ROW - head.y;
  const following = after(design, target);
  const moved = design.nodes.filter((node) => node.id !== except && following.has(node.id) && node.y >= head.y);
  return Object.fromEntries(moved.map((node) => [node.id, { y: node.y + by }]));
}

/** A block and everything that reads from it, directly or not. */
export function after(design: Design, id: string): Set<string> {
  const readers = Map.groupBy(design.links, (link) => link.source);
  const found = new Set([id]);
  for (const one of found) for (const link of readers.get(one) ?? []) found.add(link.target);
  return found;
}

/** Put a block of another type in a block's place: its links stay where the new one has ports for them. */
export function replacement(design: Design, catalog: Catalog, id: string, schema: BlockSchema): Gesture | null {
  const node = design.nodes.find((one) => one.id === id);
  if (!node || node.block === schema.type) return null;
  const { type, ...edit } = brought(design, schema);
  const taken = new Set(design.nodes.filter((one) => one.id !== id).map((one) => one.name));
  const name = isNumbered(node) ? newName(type, taken) : node.name;
  const { repeat, frozen, note, x, y } = node;
  const params = sharedParams(node, catalog.get(node.block), schema);
  const patch = { block: type, name, params, repeat, frozen, note, x, y };
  return {
    label: `Replace ${node.name} with ${schema.title}`,
    edit: { ...edit, nodes: { [id]: patch }, links: rewired(design, id, schema) },
  };
}

/** Whether a name is the one a new block gets: then it says what the block was, and no more. */
function isNumbered({ name, block }: DesignNode): boolean {
  return name.replace(/_\d+$/, "") === newName(block, new Set()).replace(/_1$/, "");
}

function sharedParams(node: DesignNode, from: BlockSchema | undefined, to: BlockSchema): Params {
  const kept = to.params.filter((param) => {
    const former = from?.params.find((one) => one.name === param.name);
    const value = node.params[param.name];
    if (former?.kind !== param.kind || value === undefined) return false;
    return !param.options || param.options.includes(String(value));
  });
  return Object.fromEntries(kept.map((param) => [param.name, node.params[param.name] ?? null]));
}

/** What happens to the links of a block that gets other ports: null takes one away. */
function rewired(design: Design, id: string, schema: BlockSchema): NonNullable<Edit["links"]> {
  const changed: Record<string, { order: number } | null> = {};
  const used = new Set<string>();
  for (const link of design.links.toSorted((a, b) => a.order - b.order)) {
    if (link.source !== id && link.target !== id) continue;
    const moved = link.source === id ? leaving(link, schema) : entering(link, schema, used);
    if (moved && linkKey(moved) === linkKey(link)) continue;
    changed[linkKey(link)] = null;
    if (moved) changed[linkKey(moved)] = { order: link.order };
  }
  return changed;
}

function leaving(link: Link, { outputs }: BlockSchema): Link | null {
  const port = outputs.find((one) => one.name === link.source_port) ?? outputs[0];
  return port ? { ...link, source_port: port.name } : null;
}

function entering(link: Link, { inputs }: BlockSchema, used: Set<string>): Link | null {
  const isOpen = (port: { name: string; many: boolean }) => port.many || !used.has(port.name);
  const port = inputs.find((one) => one.name === link.target_port && isOpen(one)) ?? inputs.find(isOpen);
  if (!port) return null;
  used.add(port.name);
  return { ...link, target_port: port.name };
}

/** Links to draw when blocks go, so that what read from them reads what they read: only where that is one. */
export function healing(design: Design, catalog: Catalog, gone: readonly string[]): Link[] {
  const ids = new Set(gone);
  const found: Link[] = [];
  let healed: Design = { ...design, links: design.links.filter((link) => !ids.has(link.source) && !ids.has(link.target)) };
  for (const piece of pieces(design, ids)) {
    const into = design.links.filter((link) => piece.has(link.target) && !ids.has(link.source));
    const from = design.links.filter((link) => piece.has(link.source) && !ids.has(link.target));
    const [only] = into;
    if (!only || into.length > 1) continue;
    for (const link of from) {
      const ends = { ...link, source: only.source, source_port: only.source_port };
      if (refusal(healed, catalog, ends) !== null) continue;
      healed = { ...healed, links: [...healed.links, ends] };
      found.push(ends);
    }
  }
  return found;
}

/** Take blocks out and link what stood before them to what follows. */
export function removalHealed(design: Design, catalog: Catalog, gone: readonly string[]): Gesture {
  const joined = healing(design, catalog, gone);
  const what = gone.length === 1 ? design.nodes.find((node) => node.id === gone[0])?.name : `${gone.length} blocks`;
  return {
    label: `Take out ${what}`,
    edit: {
      nodes: Object.fromEntries(gone.map((id) => [id, null])),
      links: Object.fromEntries(joined.map((link) => [linkKey(link), { order: link.order }])),
    },
  };
}

/** The chosen blocks in groups that hang together. */
function pieces({ links }: Design, ids: ReadonlySet<string>): Set<string>[] {
  const inner = links.filter((link) => ids.has(link.source) && ids.has(link.target));
  const found: Set<string>[] = [];
  for (const id of ids) {
    if (found.some((piece) => piece.has(id))) continue;
    const piece = new Set([id]);
    for (const one of piece) {
      for (const { source, target } of inner) {
        if (source === one) piece.add(target);
        if (target === one) piece.add(source);
      }
    }
    found.push(piece);
  }
  return found;
}

/** Add a block at a place and, where it fits, link the selected block to it. */
export function addLinked(
  design: Design,
  catalog: Catalog,
  schema: BlockSchema,
  place: Point,
  selected: string | null,
): Added {
  const added = addAt(design, schema, clearOf(design, snapped(place)));
  const port = catalog.get(design.nodes.find((node) => node.id === selected)?.block ?? "")?.outputs[0];
  const target_port = schema.inputs[0]?.name;
  if (selected === null || !port || target_port === undefined) return added;
  const ends = { source: selected, source_port: port.name, target: added.id, target_port };
  const drawn = applyEdit(design, added.edit).document;
  if (refusal(drawn, new Map([...catalog, [schema.type, schema]]), ends) !== null) return added;
  return { ...added, edit: { ...added.edit, links: { [linkKey(ends)]: { order: 0 } } } };
}
