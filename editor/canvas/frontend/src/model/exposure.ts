import type { Catalog } from "./connections";
import { freeName } from "./naming";
import { applies, currentValue } from "./params";
import type { Definition, Design, DesignNode, Edit, Exposed, Gesture, NodePatch, ParamSchema } from "./types";

/** Which inner parameters an own block shows as its own, and what follows when that changes. */

/** The parameter of the open definition that sets an inner one, or null. */
export function driverOf(data: Definition | null, node: string, param: string): string | null {
  const drives = (target: { node: string; param: string }) => target.node === node && target.param === param;
  return data?.params.find((entry) => entry.targets.some(drives))?.name ?? null;
}

/** Take a parameter off a block: its instances lose their values for it. */
export function withoutParam(design: Design, id: string, name: string): Gesture | null {
  const data = design.definitions[id];
  if (!data) return null;
  const params = data.params.filter((entry) => entry.name !== name);
  const forgotten = forgetting(design, id, [name]);
  const definitions = { ...forgotten.definitions, [id]: { ...data, params } };
  return { label: `Remove ${name} of ${data.title}`, edit: { ...forgotten, definitions } };
}

/** Show one more inner parameter on the block; its value inside becomes the default. */
export function withParam(design: Design, id: string, node: DesignNode, schema: ParamSchema): Gesture | null {
  const data = design.definitions[id];
  if (!data) return null;
  const taken = new Set(data.params.map((entry) => entry.name));
  const name = taken.has(schema.name) ? freeName(`${node.name}_${schema.name}`, taken) : schema.name;
  const entry: Exposed = {
    name,
    targets: [{ node: node.id, param: schema.name }],
    default: currentValue(schema, node.params),
    ...(name === schema.name ? {} : { label: `${schema.label} of ${node.name}` }),
  };
  const after = { ...data, params: [...data.params, entry] };
  return { label: `Show ${name} on ${data.title}`, edit: { definitions: { [id]: after } } };
}

/** The inner parameters that the block does not show yet, block by block. */
export function hiddenParams(data: Definition, catalog: Catalog): { node: DesignNode; params: ParamSchema[] }[] {
  return data.nodes.map((node) => {
    const block = catalog.get(node.block);
    const params = (block?.params ?? []).filter(
      (schema) => block && applies(schema, block, node.params) && driverOf(data, node.id, schema.name) === null,
    );
    return { node, params };
  });
}

/** What takes values for parameters from all instances of a definition, in other definitions too. */
export function forgetting(design: Design, id: string, names: readonly string[]): Edit {
  if (names.length === 0) return {};
  const type = `own:${id}`;
  const nulls = Object.fromEntries(names.map((name) => [name, null]));
  const held = (node: DesignNode) => node.block === type;
  const nodes = Object.fromEntries(
    design.nodes.filter(held).map((node) => [node.id, { params: nulls, first: without(node.first, names) }]),
  );
  const definitions = Object.fromEntries(
    Object.entries(design.definitions)
      .filter(([other, data]) => other !== id && data.nodes.some(held))
      .map(([other, data]) => [other, { ...data, nodes: data.nodes.map((node) => stripped(node)) }]),
  );
  return {
    ...(Object.keys(nodes).length ? { nodes: nodes as { [id: string]: NodePatch } } : {}),
    ...(Object.keys(definitions).length ? { definitions } : {}),
  };

  function stripped(node: DesignNode): DesignNode {
    if (!held(node)) return node;
    return { ...node, params: without(node.params, names), first: without(node.first, names) };
  }
}

function without<T>(record: { readonly [name: string]: T }, names: readonly string[]) {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
