import type { Json, ParamSchema } from "./types";

/** Pixels of a drag that double a count of channels, and that make one step of anything else. */
const DOUBLING = 64;
const STEP = 6;
/** From here on a count of channels moves in multiples of eight, as accelerators like them. */
const EIGHTS = 16;

/** Whether a value grows by factors: 32 filters and 64 are as far apart as 64 and 128. */
export function isGeometric({ kind, min, max }: ParamSchema): boolean {
  return kind === "integer" && (min ?? 0) >= 1 && (max ?? 0) >= 2048;
}

export function isNumeric({ kind }: ParamSchema): boolean {
  return kind === "integer" || kind === "number";
}

/** The value after a drag of so many pixels to the right, inside the limits. */
export function scrubbed(schema: ParamSchema, start: number, pixels: number): number {
  if (isGeometric(schema)) return limited(schema, eights(start * 2 ** (pixels / DOUBLING)));
  const step = schema.step ?? 1;
  const moved = start + Math.trunc(pixels / STEP) * step;
  return limited(schema, Number(moved.toPrecision(12)));
}

/** The value twice as large or half as large; of one that moves in steps, ten of them on. */
export function leapt(schema: ParamSchema, value: Json, direction: 1 | -1): number | null {
  if (typeof value !== "number") return null;
  return scrubbed(schema, value, direction * (isGeometric(schema) ? DOUBLING : 10 * STEP));
}

function eights(value: number): number {
  return value >= EIGHTS ? Math.round(value / 8) * 8 : Math.round(value);
}

function limited({ min, max }: ParamSchema, value: number): number {
  return Math.min(max ?? Infinity, Math.max(min ?? -Infinity, value));
}
