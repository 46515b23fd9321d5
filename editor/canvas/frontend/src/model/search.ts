import type { BlockSchema } from "./types";

/** Blocks whose words hold every word of the query; those whose title begins with it come first. */
export function matching(blocks: readonly BlockSchema[], query: string): readonly BlockSchema[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return blocks;
  const found = blocks.filter((block) => words.every((word) => textOf(block).includes(word)));
  const start = words.join(" ");
  const begins = (block: BlockSchema) => Number(block.title.toLowerCase().startsWith(start));
  return found.toSorted((a, b) => begins(b) - begins(a));
}

function textOf({ title, type, category, keywords, summary }: BlockSchema): string {
  return [title, type, category, keywords, summary].join(" ").toLowerCase();
}

/** Blocks by category, in the order in which categories first appear. */
export function grouped(blocks: readonly BlockSchema[]): Map<string, BlockSchema[]> {
  return Map.groupBy(blocks, (block) => block.category);
}
