/** Exact numbers for people. Counts are decimal strings because they pass 2^53. */

/** `2325568` -> `2,325,568`; anything that is no count stays as it is. */
export function grouped(count: string): string {
  return /^\d+$/.test(count) ? count.replace(/\B(?=(\d{3})+$)/g, ",") : count;
}

const SCALES = ["", "k", "M", "G", "T", "P", "E"] as const;

/** `2325568` -> `2.33 M`: three figures and a scale; small counts stay whole. */
export function scaled(count: string): string {
  if (!/^\d+$/.test(count) || count.length <= 3) return count;
  const value = Number(count);
  let step = Math.min(Math.floor((count.length - 1) / 3), SCALES.length - 1);
  if (Number(threeFigures(value / 1000 ** step)) >= 1000 && step < SCALES.length - 1) step += 1;
  return `${threeFigures(value / 1000 ** step)} ${SCALES[step]}`;
}

const BYTE_SCALES = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** `154880` -> `154.9 kB`. */
export function bytes(count: string): string {
  const value = Number(count);
  if (!/^\d+$/.test(count) || value < 1000) return `${count} B`;
  const step = Math.min(Math.floor(Math.log10(value) / 3), BYTE_SCALES.length - 1);
  return `${(value / 1000 ** step).toFixed(1)} ${BYTE_SCALES[step]}`;
}

/** `128x128x3211264` -> `128 × 128 × 3,211,264`. */
export function shapeText(shape: string): string {
  return shape.split("x").map(grouped).join(" × ");
}

/** Arithmetic as it is typeset: `(9 - 2) x 4` -> `(9 − 2) × 4`. */
export function typeset(text: string): string {
  return text.replaceAll(" x ", " × ").replaceAll(" - ", " − ");
}

/** What a person types for a count: `3M`, `2.5k`, `1,000,000`; null where it is none. */
export function countOf(typed: string): number | null {
  const parts = /^([\d,. ]*\d)\s*([kMGT]?)B?$/i.exec(typed.trim());
  if (!parts) return null;
  const scale = { "": 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 }[(parts[2] ?? "").toLowerCase()] ?? 1;
  const count = Math.round(Number((parts[1] ?? "").replaceAll(/[, ]/g, "")) * scale);
  return count >= 1 && count <= Number.MAX_SAFE_INTEGER ? count : null;
}

function threeFigures(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
