import type { Catalog } from "./connections";
import type { Design, DesignNode } from "./types";

/** Blocks of this category close a network. */
const HEADS = "Output";
/** What comes out of these is an answer already. */
const ANSWERS = ["softmax", "sigmoid"];

/** The one block that a network ends in, where it is none that gives an answer; null elsewhere. */
export function headless({ nodes, links }: Design, catalog: Catalog): DesignNode | null {
  const used = new Set(links.map((link) => link.source));
  const ends = nodes.filter((node) => !used.has(node.id));
  const [end] = ends;
  const schema = end && catalog.get(end.block);
  if (!end || !schema || ends.length > 1 || schema.inputs.length === 0) return null;
  const answers = ANSWERS.includes(String(end.params.activation));
  return schema.category === HEADS || answers ? null : end;
}
