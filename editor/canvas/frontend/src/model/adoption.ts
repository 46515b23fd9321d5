import { heldBy } from "./definitions";
import { freeName } from "./naming";
import { share } from "./share";
import type { BlockSchema, Definition, Definitions, Design, DesignNode } from "./types";

/** Own blocks that come from another design: what has to come along, and under which ids. */

const OWN = "own:";

/** The type of a block from the palette as it stands in a design, with the definitions it needs there. */
export function brought({ definitions }: Design, schema: BlockSchema): { type: string; definitions?: Definitions } {
  if (!schema.brings) return { type: schema.type };
  const types = new Map<string, string>();
  const nodes = [{ block: schema.type } as DesignNode];
  const added = adopted(definitions, { nodes, definitions: schema.brings }, types);
  const type = types.get(schema.type) ?? schema.type;
  return Object.keys(added).length ? { type, definitions: added } : { type };
}

/**
 * The definitions to add so that nodes of another design can stand here. One that differs from that of
 * its id here gets another id; `types` then says what its type has become.
 */
export function adopted(
  here: Definitions,
  { nodes, definitions }: Pick<Design, "nodes" | "definitions">,
  types: Map<string, string>,
): Definitions {
  const found: Record<string, Definition> = {};
  const taken = new Set(Object.keys(here));
  const seen = new Set<string>();
  const adopt = (id: string) => {
    const data = definitions[id];
    if (!data || seen.has(id)) return;
    seen.add(id);
    for (const inner of heldBy({}, data.nodes)) adopt(inner);
    const moved = { ...data, nodes: data.nodes.map((node) => retyped(node, types)) };
    if (Object.hasOwn(here, id) && share(here[id], moved) === here[id]) return;
    const free = freeName(id, taken);
    taken.add(free);
    types.set(OWN + id, OWN + free);
    found[free] = moved;
  };
  for (const id of heldBy(definitions, nodes)) adopt(id);
  return found;
}

export function retyped(node: DesignNode, types: ReadonlyMap<string, string>): DesignNode {
  const block = types.get(node.block);
  return block === undefined ? node : { ...node, block };
}
