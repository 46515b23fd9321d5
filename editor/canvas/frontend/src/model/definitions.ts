import { applyEdit } from "./edit";
import { forgetting } from "./exposure";
import { NODE_HEIGHT, NODE_WIDTH, type Point } from "./layout";
import type {
  BlockSchema,
  Definition,
  Definitions,
  Design,
  DesignNode,
  Edit,
  InputOf,
  Link,
  OutputOf,
} from "./types";

/** Own blocks laid open: the inside of a definition is drawn like a design, with its ports as blocks. */

const PREFIX = "own:";
export const PORT_IN = "port:in";
const PORT_OUT = "port:out";
const GAP = 48;

/** The definition that a type of block stands for, or null. */
export function definitionOf(type: string): string | null {
  return type.startsWith(PREFIX) ? type.slice(PREFIX.length) : null;
}

export function isPort(type: string): boolean {
  return type === PORT_IN || type === PORT_OUT;
}

/** A port's id follows from its name, so that it is the same each time a definition is opened. */
export function portId(type: string, name: string): string {
  return `${type === PORT_IN ? "port_in" : "port_out"}_${name}`;
}

const PORT: Omit<BlockSchema, "type" | "title" | "summary" | "inputs" | "outputs"> = {
  category: "Ports",
  citation: "",
  keywords: "port input output own",
  params: [],
};

export const PORT_SCHEMAS: readonly BlockSchema[] = [
  {
    ...PORT,
    type: PORT_IN,
    title: "Input port",
    summary: "What comes into the block, wherever it stands, comes in here.",
    inputs: [],
    outputs: [{ name: "out" }],
  },
  {
    ...PORT,
    type: PORT_OUT,
    title: "Output port",
    summary: "What is linked to it leaves the block.",
    inputs: [{ name: "in", many: false }],
    outputs: [],
  },
];

/** The inside of a definition as a design. */
export function opened({ definitions, notes: _, ...design }: Design, id: string): Design {
  const data = definitions[id];
  if (!data) return { ...design, definitions };
  const inputs = data.inputs.map((port, index) => portNode(PORT_IN, port, inputPlace(data, port, index)));
  const outputs = data.outputs.map((port, index) => portNode(PORT_OUT, port, outputPlace(data, port, index)));
  const links = [...data.links, ...data.inputs.flatMap(linksFrom), ...data.outputs.flatMap(linksInto)];
  const name = data.title || id;
  return { ...design, definitions, name, nodes: [...data.nodes, ...inputs, ...outputs], links };
}

function linksFrom(port: InputOf): Link[] {
  const source = portId(PORT_IN, port.name);
  return port.targets.map(({ node, port: target_port = "in", order = 0 }) => {
    return { source, source_port: "out", target: node, target_port, order };
  });
}

function linksInto({ name, node, port = "out" }: OutputOf): Link[] {
  if (!node) return [];
  const target = portId(PORT_OUT, name);
  return [{ source: node, source_port: port, target, target_port: "in", order: 0 }];
}

function portNode(block: string, port: InputOf | OutputOf, place: Point): DesignNode {
  const fields = { params: {}, repeat: 1, first: {}, frozen: false, note: "", layer_names: {} };
  return { id: portId(block, port.name), name: port.name, block, ...fields, ...place };
}

function inputPlace(data: Definition, port: InputOf, index: number): Point {
  if (port.x !== undefined && port.y !== undefined) return { x: port.x, y: port.y };
  const target = data.nodes.find((node) => node.id === port.targets[0]?.node);
  const top = Math.min(0, ...data.nodes.map((node) => node.y), ...(target ? [target.y] : []));
  const y = (data.nodes.length ? Math.min(...data.nodes.map((node) => node.y)) : top) - NODE_HEIGHT - GAP;
  return { x: (target?.x ?? 0) + index * (NODE_WIDTH + GAP), y };
}

function outputPlace(data: Definition, port: OutputOf, index: number): Point {
  if (port.x !== undefined && port.y !== undefined) return { x: port.x, y: port.y };
  const source = data.nodes.find((node) => node.id === port.node);
  const foot = data.nodes.length ? Math.max(...data.nodes.map((node) => node.y)) : 0;
  return { x: (source?.x ?? 0) + index * (NODE_WIDTH + GAP), y: foot + NODE_HEIGHT + GAP };
}

/** A definition with the inside it has now. */
export function closed(data: Definition, inner: Design): Definition {
  const ports = new Map(inner.nodes.filter((node) => isPort(node.block)).map((node) => [node.id, node]));
  const nodes = inner.nodes.filter((node) => !ports.has(node.id));
  const ids = new Set(nodes.map((node) => node.id));
  return {
    ...data,
    title: inner.name,
    nodes,
    links: inner.links.filter((link) => ids.has(link.source) && ids.has(link.target)),
    inputs: [...ports.values()]
      .filter((port) => port.block === PORT_IN)
      .map((port) => inputOf(port, inner.links)),
    outputs: [...ports.values()]
      .filter((port) => port.block === PORT_OUT)
      .map((port) => outputOf(port, inner.links)),
    params: data.params
      .map((entry) => ({ ...entry, targets: entry.targets.filter((target) => ids.has(target.node)) }))
      .filter((entry) => entry.targets.length > 0),
  };
}

function inputOf({ id, name, x, y }: DesignNode, links: readonly Link[]): InputOf {
  const targets = links
    .filter((link) => link.source === id)
    .map((link) => ({ node: link.target, port: link.target_port, order: link.order }));
  return { name, targets, x, y };
}

function outputOf({ id, name, x, y }: DesignNode, links: readonly Link[]): OutputOf {
  const link = links.find((one) => one.target === id);
  return { name, node: link?.source ?? "", port: link?.source_port ?? "out", x, y };
}

/** An edit of the inside of a definition as an edit of the design that holds it. */
export function within(design: Design, id: string, edit: Edit): Edit {
  const data = design.definitions[id];
  if (!data) return {};
  const { definitions, ...inner } = edit;
  const after = closed(data, applyEdit(opened(design, id), inner).document);
  const gone = data.params.filter((entry) => !after.params.some((one) => one.name === entry.name));
  const forgotten = forgetting(design, id, gone.map((entry) => entry.name));
  return {
    ...(forgotten.nodes ? { nodes: forgotten.nodes } : {}),
    definitions: { ...forgotten.definitions, ...definitions, [id]: after },
  };
}

/** The definitions that the nodes stand for, and those inside them. */
export function heldBy(definitions: Definitions, nodes: readonly DesignNode[]): Set<string> {
  const found = new Set(nodes.flatMap((node) => definitionOf(node.block) ?? []));
  for (const id of found) {
    for (const node of definitions[id]?.nodes ?? []) {
      const inner = definitionOf(node.block);
      if (inner !== null) found.add(inner);
    }
  }
  return found;
}

/** Whether an own block may stand inside a definition: not when it holds that one itself. */
export function mayStandIn(definitions: Definitions, type: string, id: string): boolean {
  const own = definitionOf(type);
  return own === null || (own !== id && !heldBy(definitions, definitions[own]?.nodes ?? []).has(id));
}

/** How many blocks of the design and of other definitions are instances of a definition. */
export function usesOf({ nodes, definitions }: Design, id: string): number {
  const all = [...nodes, ...Object.values(definitions).flatMap((data) => data.nodes)];
  return all.filter((node) => node.block === PREFIX + id).length;
}

/** The way from the design into a definition, through the definitions that hold it. */
export function pathTo(design: Design, id: string, seen: readonly string[] = []): readonly string[] {
  const type = PREFIX + id;
  if (design.nodes.some((node) => node.block === type)) return [id];
  const holder = Object.entries(design.definitions).find(
    ([other, data]) => !seen.includes(other) && data.nodes.some((node) => node.block === type),
  );
  return holder ? [...pathTo(design, holder[0], [...seen, id]), id] : [id];
}
