import type { BlockSchema, Design, Link } from "./types";

export type Catalog = ReadonlyMap<string, BlockSchema>;
export type Ends = Omit<Link, "order">;

/** Why this link may not be drawn, in a sentence, or null when it may. */
export function refusal(design: Design, catalog: Catalog, ends: Ends): string | null {
  const source = design.nodes.find((node) => node.id === ends.source);
  const target = design.nodes.find((node) => node.id === ends.target);
  if (!source || !target) return "One end of this link is gone.";
  if (source.id === target.id) return `${source.name} cannot feed itself.`;
  const schema = catalog.get(target.block);
  if (schema && schema.inputs.length === 0) {
    return `${target.name} is an input of the network: nothing leads into it.`;
  }
  if (schema && !schema.inputs.some((port) => port.name === ends.target_port)) {
    return `${target.name} has no input called ${ends.target_port}.`;
  }
  if (alreadyLinked(design, ends)) return `${source.name} already leads to ${target.name}.`;
  if (leadsTo(design, target.id, source.id)) {
    return `This would close a loop: ${target.name} already leads to ${source.name}.`;
  }
  if (isFull(design, catalog, ends)) return `${target.name} takes one input and already has one.`;
  return null;
}

/** The place a new link takes among the links of its input. */
export function nextOrder(design: Design, ends: Ends): number {
  const orders = intoPort(design, ends).map((link) => link.order);
  return orders.length ? Math.max(...orders) + 1 : 0;
}

function intoPort(design: Design, ends: Ends): readonly Link[] {
  return design.links.filter((link) => link.target === ends.target && link.target_port === ends.target_port);
}

function alreadyLinked(design: Design, ends: Ends): boolean {
  return intoPort(design, ends).some(
    (link) => link.source === ends.source && link.source_port === ends.source_port,
  );
}

function isFull(design: Design, catalog: Catalog, ends: Ends): boolean {
  const target = design.nodes.find((node) => node.id === ends.target);
  const port = catalog.get(target?.block ?? "")?.inputs.find((one) => one.name === ends.target_port);
  return port !== undefined && !port.many && intoPort(design, ends).length > 0;
}

function leadsTo(design: Design, from: string, to: string): boolean {
  const successors = Map.groupBy(design.links, (link) => link.source);
  const seen = new Set([from]);
  for (const id of seen) {
    if (id === to) return true;
    for (const link of successors.get(id) ?? []) seen.add(link.target);
  }
  return false;
}

/** Where a link is being drawn from, and over which node (and port, when it is on one) it hovers. */
export interface Reach {
  readonly node: string;
  readonly port: string;
  readonly side: "in" | "out";
  readonly over: string;
  readonly overPort: string | null;
}

export interface Proposal {
  readonly ends: Ends;
  readonly refusal: string | null;
}

/** The link that dropping here would make, with the reason when it may not be. */
export function proposal(design: Design, catalog: Catalog, reach: Reach): Proposal {
  const over = design.nodes.find((node) => node.id === reach.over);
  const schema = catalog.get(over?.block ?? "");
  const ports = (reach.side === "out" ? schema?.inputs : schema?.outputs) ?? [];
  const names = reach.overPort !== null ? [reach.overPort] : ports.map((port) => port.name);
  const proposals = (names.length ? names : ["in"]).map((port) => {
    const ends = reach.side === "out" ? forward(reach, port) : backward(reach, port);
    return { ends, refusal: refusal(design, catalog, ends) };
  });
  const [first] = proposals as [Proposal, ...Proposal[]];
  return proposals.find((one) => one.refusal === null) ?? first;
}

function forward(reach: Reach, port: string): Ends {
  return { source: reach.node, source_port: reach.port, target: reach.over, target_port: port };
}

function backward(reach: Reach, port: string): Ends {
  return { source: reach.over, source_port: port, target: reach.node, target_port: reach.port };
}

/** The blocks at which a link drawn from a port may end. */
export function welcoming(design: Design, catalog: Catalog, from: Omit<Reach, "over" | "overPort">): string[] {
  const looped = family(design, from);
  const candidates = design.nodes.filter((node) => !looped.has(node.id));
  const fits = (over: string) => {
    const own = { nodes: design.nodes.filter(({ id }) => id === over || id === from.node), links: around(over) };
    return proposal({ ...design, ...own }, catalog, { ...from, over, overPort: null }).refusal === null;
  };
  const byTarget = Map.groupBy(design.links, (link) => link.target);
  const around = (over: string) => byTarget.get(from.side === "out" ? over : from.node) ?? [];
  return candidates.filter((node) => fits(node.id)).map((node) => node.id);
}

/** Every link that may be drawn from a block's outputs, or to its inputs. */
export function possibleLinks(design: Design, catalog: Catalog, id: string, side: "in" | "out"): Ends[] {
  const ports = (node: string, of: "inputs" | "outputs") => {
    const schema = catalog.get(design.nodes.find((one) => one.id === node)?.block ?? "");
    return schema ? schema[of].map((port) => port.name) : [of === "inputs" ? "in" : "out"];
  };
  const [own, other] = side === "out" ? (["outputs", "inputs"] as const) : (["inputs", "outputs"] as const);
  return ports(id, own).flatMap((port) =>
    welcoming(design, catalog, { node: id, port, side }).flatMap((over) =>
      ports(over, other)
        .map((overPort) => {
          const reach = { node: id, port, side, over, overPort };
          return side === "out" ? forward(reach, overPort) : backward(reach, overPort);
        })
        .filter((ends) => !alreadyLinked(design, ends) && !isFull(design, catalog, ends)),
    ),
  );
}

/** The block itself and all that would close a loop: what leads to it, or what it leads to. */
function family(design: Design, { node, side }: Pick<Reach, "node" | "side">): Set<string> {
  const [near, far] = side === "out" ? (["target", "source"] as const) : (["source", "target"] as const);
  const next = Map.groupBy(design.links, (link) => link[near]);
  const seen = new Set([node]);
  for (const id of seen) for (const link of next.get(id) ?? []) seen.add(link[far]);
  return seen;
}
