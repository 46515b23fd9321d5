export interface Theme {
  readonly background: Lightness;
  readonly accent: Lightness;
}

type Lightness = "light" | "dark";

/** The theme that Streamlit's colours make around an element. */
export function themeOf(element: HTMLElement): Theme {
  const background = lightnessOf(element, "var(--st-background-color, white)");
  return { background, accent: lightnessOf(element, "var(--st-primary-color, #4f46e5)") };
}

function lightnessOf(element: HTMLElement, color: string): Lightness {
  const probe = document.createElement("span");
  probe.style.color = color;
  element.append(probe);
  const [red = 255, green = 255, blue = 255] = channels(getComputedStyle(probe).color);
  probe.remove();
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128 ? "dark" : "light";
}

function channels(color: string): number[] {
  return (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
}

const HUES: Record<string, number> = {
  Input: 262,
  Convolution: 245,
  Inception: 300,
  Residual: 35,
  Pooling: 165,
  Dense: 80,
  "Shape & regularise": 205,
  Merge: 340,
  Output: 15,
  Ports: 262,
  "Own blocks": 125,
  "From other designs": 125,
};

/** The hue of a category's colour, in degrees of OKLCH; an unknown one gets a steady hue of its own. */
export function hueOf(category: string): number {
  return HUES[category] ?? [...category].reduce((sum, letter) => sum + letter.charCodeAt(0) * 47, 0) % 360;
}
