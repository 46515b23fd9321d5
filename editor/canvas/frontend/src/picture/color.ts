import { type Color, WHITE } from "./drawing";

/** The colour of a lightness, a chroma and a hue in OKLCH, as near as a screen can show it. */
export function oklch(lightness: number, chroma: number, hue: number): Color {
  const angle = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    shown(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    shown(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    shown(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** A linear channel from 0 to 1 as the byte of sRGB. */
function shown(linear: number): number {
  const value = Math.min(1, Math.max(0, linear));
  const curved = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
  return Math.round(255 * curved);
}

/** A colour laid over white with some opacity. */
export function overWhite(color: Color, opacity: number): Color {
  const mixed = color.map((part, index) => Math.round((WHITE[index] ?? 255) * (1 - opacity) + part * opacity));
  return mixed as unknown as Color;
}

export function hex(color: Color): string {
  return `#${color.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

const NAMED: Record<string, Color> = { black: [0, 0, 0], white: WHITE };

/** The colour of an SVG attribute as Graphviz writes it; undefined for none. */
export function colorOf(value: string | null): Color | undefined {
  const digits = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})/i.exec(value ?? "");
  if (!digits) return NAMED[value ?? ""];
  return digits.slice(1).map((part) => Number.parseInt(part, 16)) as unknown as Color;
}
