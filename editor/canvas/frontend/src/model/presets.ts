import { currentValue } from "./params";
import type { BlockSchema, Json, Params, Preset } from "./types";

/** Blocks that people know by a name of their own: values of a block type's parameters. */

/** The palette's entries: every block, followed by its presets. */
export function withPresets(blocks: readonly BlockSchema[]): BlockSchema[] {
  return blocks.flatMap((block) => [
    block,
    ...(block.presets ?? []).map((preset) => ({ ...block, ...words(preset), preset })),
  ]);
}

function words({ title, summary, citation }: Preset) {
  return { title, summary, citation };
}

/** The values to set so that a block starts from a preset, or from its defaults; null is the default. */
export function startingValues({ presets = [] }: BlockSchema, id: string): Params {
  const chosen = presets.find((preset) => preset.id === id)?.values ?? {};
  const names = presets.flatMap((preset) => Object.keys(preset.values));
  return Object.fromEntries(names.map((name): [string, Json] => [name, chosen[name] ?? null]));
}

/** The preset whose values a block has now, "" where they are the defaults, null where neither. */
export function startOf(schema: BlockSchema, params: Params): string | null {
  const ids = [...(schema.presets ?? []).map((preset) => preset.id), ""];
  return ids.find((id) => hasValues(schema, params, startingValues(schema, id))) ?? null;
}

function hasValues(schema: BlockSchema, params: Params, values: Params): boolean {
  return schema.params
    .filter((param) => Object.hasOwn(values, param.name))
    .every((param) => currentValue(param, params) === currentValue(param, values));
}
