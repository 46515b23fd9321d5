const DRAWING = new Set([
  "svg",
  "g",
  "path",
  "polygon",
  "polyline",
  "ellipse",
  "circle",
  "rect",
  "line",
  "text",
  "tspan",
  "title",
  "defs",
  "linearGradient",
  "stop",
]);

/** An SVG from Graphviz as an element that can only be looked at, or null when it is none. */
export function safeSvg(source: string): SVGSVGElement | null {
  const parsed = new DOMParser().parseFromString(source, "image/svg+xml");
  const root = parsed.documentElement;
  if (root.nodeName !== "svg" || parsed.querySelector("parsererror")) return null;
  unwrapLinks(root);
  for (const element of [...root.querySelectorAll("*")]) {
    if (!DRAWING.has(element.nodeName)) element.remove();
  }
  for (const element of [root, ...root.querySelectorAll("*")]) stripAttributes(element);
  return document.importNode(root, true) as unknown as SVGSVGElement;
}

/** Graphviz wraps a node with a tooltip or URL in a link: keep the drawing, drop the link. */
function unwrapLinks(root: Element): void {
  for (const link of [...root.querySelectorAll("a")]) link.replaceWith(...link.childNodes);
}

function stripAttributes(element: Element): void {
  for (const { name, value } of [...element.attributes]) {
    const local = name.toLowerCase();
    const isActive = local.startsWith("on") || local.endsWith("href") || local === "style";
    const pointsOut = /url\s*\(\s*(?!["']?#)|javascript:/i.test(value);
    if (isActive || pointsOut) element.removeAttribute(name);
  }
}
