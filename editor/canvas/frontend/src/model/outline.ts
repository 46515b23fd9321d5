import { linkKey } from "./edit";
import type { Design, DesignNode, Link } from "./types";

/** The design as lines to read one after the other, for those who do not look at the canvas. */

export interface BlockRow {
  readonly kind: "block";
  readonly key: string;
  readonly node: DesignNode;
  readonly incoming: readonly Link[];
  /** The blocks that its inputs come from, in their order. */
  readonly sources: readonly string[];
}

/** One input of a block, below it. */
export interface InputRow {
  readonly kind: "input";
  readonly key: string;
  readonly node: DesignNode;
  readonly incoming: readonly Link[];
  readonly index: number;
  readonly source: string;
}

export type OutlineRow = BlockRow | InputRow;

/** Blocks in the order in which data flows; the inputs of those that are open stand below them. */
export function outline(design: Design, open: ReadonlySet<string>): readonly OutlineRow[] {
  const names = new Map(design.nodes.map((node) => [node.id, node.name]));
  const byTarget = incomingOf(design);
  return inFlow(design, byTarget).flatMap((node): OutlineRow[] => {
    const incoming = byTarget.get(node.id) ?? [];
    const sources = incoming.map((link) => names.get(link.source) ?? "a block that is gone");
    const row: BlockRow = { kind: "block", key: node.id, node, incoming, sources };
    if (!open.has(node.id)) return [row];
    const inputs = incoming.map((link, index): InputRow => {
      const source = sources[index] ?? "";
      return { kind: "input", key: linkKey(link), node, incoming, index, source };
    });
    return [row, ...inputs];
  });
}

function incomingOf(design: Design): ReadonlyMap<string, readonly Link[]> {
  const byTarget = Map.groupBy(design.links, (link) => link.target);
  return new Map([...byTarget].map(([id, links]) => [id, links.toSorted((a, b) => a.order - b.order)]));
}

/** A block comes after all that leads to it; else as the blocks were added. */
function inFlow(design: Design, byTarget: ReadonlyMap<string, readonly Link[]>): readonly DesignNode[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  const placed = new Set<DesignNode>();
  const seen = new Set<string>();
  const place = (id: string) => {
    const node = nodes.get(id);
    if (!node || seen.has(id)) return;
    seen.add(id);
    for (const { source } of byTarget.get(id) ?? []) place(source);
    placed.add(node);
  };
  for (const { id } of design.nodes) place(id);
  return [...placed];
}
