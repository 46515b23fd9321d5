/** Whether the page behind an element is dark, by the lightness of Streamlit's background. */
export function isDark(element: HTMLElement): boolean {
  const probe = document.createElement("span");
  probe.style.color = "var(--st-background-color, Canvas)";
  element.append(probe);
  const [red = 255, green = 255, blue = 255] = channels(getComputedStyle(probe).color);
  probe.remove();
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128;
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
};

/** The hue of a category's colour, in degrees of OKLCH; an unknown one gets a steady hue of its own. */
export function hueOf(category: string): number {
  return HUES[category] ?? [...category].reduce((sum, letter) => sum + letter.charCodeAt(0) * 47, 0) % 360;
}
