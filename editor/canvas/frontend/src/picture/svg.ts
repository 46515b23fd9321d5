import { colorOf, hex, overWhite } from "./color";
import { type Anchor, type Color, type Drawing, FONT, type Path, type Step, stepsOf, type Text } from "./drawing";

const SVG = "http://www.w3.org/2000/svg";

/** A drawing as the text of an SVG file, its texts as texts. */
export function svgText(drawing: Drawing, title: string): string {
  const root = element("svg", {
    viewBox: [drawing.x, drawing.y, drawing.width, drawing.height].map(short).join(" "),
    width: short(drawing.width),
    height: short(drawing.height),
    "font-family": FONT,
  });
  root.append(element("title", {}, title));
  root.append(...drawing.shapes.map((shape) => (shape.kind === "path" ? pathElement(shape) : textElement(shape))));
  return new XMLSerializer().serializeToString(root);
}

function pathElement({ steps, fill, stroke, width = 1 }: Path): SVGElement {
  const d = steps.map(({ op, points }) => op + points.map(short).join(" ")).join("");
  const line = stroke && { stroke: hex(stroke), "stroke-width": short(width) };
  return element("path", { d, fill: fill ? hex(fill) : "none", ...line });
}

function textElement({ x, y, text, size, bold, color, anchor }: Text): SVGElement {
  return element(
    "text",
    {
      x: short(x),
      y: short(y),
      "font-size": String(size),
      fill: hex(color),
      ...(bold && { "font-weight": "bold" }),
      ...(anchor !== "start" && { "text-anchor": anchor }),
    },
    text,
  );
}

function element(name: string, attributes: Record<string, string>, text?: string): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** An SVG that Graphviz drew, as a drawing. */
export function readSvg(svg: SVGSVGElement): Drawing {
  const [x = 0, y = 0, width = 1, height = 1] = numbers(svg.getAttribute("viewBox"));
  const group = svg.querySelector("g.graph")?.getAttribute("transform") ?? "";
  const [right = 0, down = 0] = numbers(/translate\(([^)]*)\)/.exec(group)?.[1] ?? "");
  const found = svg.querySelectorAll("path, polygon, polyline, text");
  const shapes = [...found].flatMap((one): (Path | Text)[] => (one.nodeName === "text" ? textOf(one) : pathOf(one)));
  return { x: x - right, y: y - down, width, height, shapes };
}

function pathOf(from: Element): Path[] {
  const steps = stepsIn(from);
  const fill = visible(from, "fill");
  const stroke = visible(from, "stroke");
  if (!fill && !stroke) return [];
  const width = Number(from.getAttribute("stroke-width") ?? 1);
  return [{ kind: "path", steps, width, ...(fill && { fill }), ...(stroke && { stroke }) }];
}

function stepsIn(from: Element): Step[] {
  if (from.nodeName === "path") return stepsOf(from.getAttribute("d") ?? "");
  const points = numbers(from.getAttribute("points"));
  const steps = stepsOf(`M${points.slice(0, 2).join(" ")} L${points.slice(2).join(" ")}`);
  return from.nodeName === "polygon" ? [...steps, { op: "Z", points: [] }] : steps;
}

function visible(from: Element, name: "fill" | "stroke"): Color | undefined {
  const color = colorOf(from.getAttribute(name));
  return color && overWhite(color, Number(from.getAttribute(`${name}-opacity`) ?? 1));
}

function textOf(from: Element): Text[] {
  const read = (name: string, otherwise: number) => Number(from.getAttribute(name) ?? otherwise);
  return [
    {
      kind: "text",
      x: read("x", 0),
      y: read("y", 0),
      text: from.textContent ?? "",
      size: read("font-size", 14),
      bold: from.getAttribute("font-weight") === "bold",
      color: colorOf(from.getAttribute("fill")) ?? [0, 0, 0],
      anchor: (from.getAttribute("text-anchor") ?? "start") as Anchor,
    },
  ];
}

function numbers(text: string | null): number[] {
  return (text?.match(/-?[\d.]+/g) ?? []).map(Number);
}
