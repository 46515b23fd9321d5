import { score } from "./fuzzy";
import type { BlockSchema } from "./types";

/** Blocks that fit a query, the best first; one letter may be wrong. */
export function matching(blocks: readonly BlockSchema[], query: string): readonly BlockSchema[] {
  if (query.trim() === "") return blocks;
  const scored = blocks.map((block) => ({ block, fit: blockScore(block, query) }));
  const found = scored.filter(({ fit }) => fit > 0).toSorted((a, b) => b.fit - a.fit);
  return found.map(({ block }) => block);
}

export function blockScore({ title, type, category, keywords, summary }: BlockSchema, query: string): number {
  return Math.max(score(query, title, [category, keywords, summary].join(" ")), score(query, type));
}

/** Blocks by category, in the order in which categories first appear. */
export function grouped(blocks: readonly BlockSchema[]): Map<string, BlockSchema[]> {
  return Map.groupBy(blocks, (block) => block.category);
}
