/** A drawing made of three kinds of shapes: what SVG and PDF both know. Places are in pixels. */

export type Color = readonly [red: number, green: number, blue: number];

export interface Step {
  readonly op: "M" | "L" | "C" | "Z";
  readonly points: readonly number[];
}

export interface Path {
  readonly kind: "path";
  readonly steps: readonly Step[];
  readonly fill?: Color;
  readonly stroke?: Color;
  readonly width?: number;
}

export interface Text {
  readonly kind: "text";
  readonly x: number;
  /** The line that the letters stand on. */
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly bold?: boolean;
  readonly color: Color;
  readonly anchor: Anchor;
}

export type Anchor = "start" | "middle" | "end";

export interface Drawing {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly (Path | Text)[];
}

/** How wide a text is in Helvetica (or Arial, which is as wide). */
export type Measure = (text: string, size: number, bold: boolean) => number;

export const FONT = "Helvetica, Arial, sans-serif";
export const WHITE: Color = [255, 255, 255];

/** From the centre of a quarter circle's arc, the handles of the curve that comes closest to it. */
const ARC = 0.5523;

export function rectangle(x: number, y: number, width: number, height: number, radius = 0): Step[] {
  const [right, bottom, handle] = [x + width, y + height, radius * (1 - ARC)];
  return [
    { op: "M", points: [x + radius, y] },
    { op: "L", points: [right - radius, y] },
    { op: "C", points: [right - handle, y, right, y + handle, right, y + radius] },
    { op: "L", points: [right, bottom - radius] },
    { op: "C", points: [right, bottom - handle, right - handle, bottom, right - radius, bottom] },
    { op: "L", points: [x + radius, bottom] },
    { op: "C", points: [x + handle, bottom, x, bottom - handle, x, bottom - radius] },
    { op: "L", points: [x, y + radius] },
    { op: "C", points: [x, y + handle, x + handle, y, x + radius, y] },
    { op: "Z", points: [] },
  ];
}

/** The steps of an SVG path that is written with the absolute commands M, L, C, Q and Z. */
export function stepsOf(path: string): Step[] {
  const steps: Step[] = [];
  for (const [, command = "", numbers = ""] of path.matchAll(/([MLCQZ])([^MLCQZ]*)/gi)) {
    const op = command.toUpperCase() as "M" | "L" | "C" | "Q" | "Z";
    const points = (numbers.match(/-?\d*\.?\d+(?:e-?\d+)?/gi) ?? []).map(Number);
    if (op === "Z") steps.push({ op, points: [] });
    else for (const part of chunks(points, COUNTS[op])) steps.push(stepOf(op, part, endOf(steps)));
  }
  return steps;
}

const COUNTS = { M: 2, L: 2, C: 6, Q: 4 } as const;

function chunks(points: readonly number[], size: number): number[][] {
  const count = Math.floor(points.length / size);
  return Array.from({ length: count }, (_, index) => points.slice(index * size, (index + 1) * size));
}

/** A curve with one handle is drawn as one with two. */
function stepOf(op: "M" | "L" | "C" | "Q", points: readonly number[], from: readonly number[]): Step {
  if (op !== "Q") return { op, points };
  const [x = 0, y = 0, toX = 0, toY = 0] = points;
  const [fromX = 0, fromY = 0] = from;
  const near = (start: number, handle: number) => start + (2 / 3) * (handle - start);
  return { op: "C", points: [near(fromX, x), near(fromY, y), near(toX, x), near(toY, y), toX, toY] };
}

function endOf(steps: readonly Step[]): readonly number[] {
  return steps.at(-1)?.points.slice(-2) ?? [0, 0];
}

/** A text cut to a width, with an ellipsis where something is missing. */
export function fitted(text: string, width: number, size: number, bold: boolean, measure: Measure): string {
  if (measure(text, size, bold) <= width) return text;
  let letters = [...text];
  while (letters.length > 0 && measure(`${letters.join("")}…`, size, bold) > width) {
    letters = letters.slice(0, -1);
  }
  return `${letters.join("").trimEnd()}…`;
}

/** A text in lines that fit a width: broken at spaces, a word that is too long is cut. */
export function lines(text: string, width: number, size: number, measure: Measure): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const found: string[] = [];
    let line = "";
    for (const word of paragraph.split(" ")) {
      const longer = line === "" ? word : `${line} ${word}`;
      if (line !== "" && measure(longer, size, false) > width) {
        found.push(line);
        line = word;
      } else line = longer;
    }
    return [...found, line].map((one) => fitted(one, width, size, false, measure));
  });
}
