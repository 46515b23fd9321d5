import type { Note } from "../model/types";
import { oklch } from "./color";
import { type Color, lines, type Measure, type Path, rectangle, type Text } from "./drawing";

/** A note beside the blocks, as on the canvas in light colours. */

const SIDE = 12;
const TOP = 8;
const SIZE = 13;
const LINE = 1.4 * SIZE;
const PAPER = oklch(0.97, 0.03, 95);
const EDGE = oklch(0.84, 0.08, 95);
const INK: Color = [38, 42, 53];

/** Words that go past the foot of the note are cut, as on the canvas. */
export function noteShapes({ text, x, y, width, height }: Note, measure: Measure): (Path | Text)[] {
  const room = Math.max(1, Math.floor((height - 2 * TOP) / LINE));
  const words = lines(text, width - 2 * SIDE, SIZE, measure).slice(0, room);
  const written = words.map((line, index): Text => {
    const down = TOP + index * LINE + SIZE;
    return { kind: "text", x: x + SIDE, y: y + down, text: line, size: SIZE, color: INK, anchor: "start" };
  });
  return [
    { kind: "path", steps: rectangle(x, y, width, height, 4), fill: PAPER, stroke: EDGE, width: 1 },
    ...written.filter((line) => line.text !== ""),
  ];
}
