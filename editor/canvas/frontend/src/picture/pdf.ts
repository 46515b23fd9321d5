import type { Color, Drawing, Measure, Path, Text } from "./drawing";
import { short } from "./svg";

/** Points, the unit of PDF, in a pixel. */
const POINTS = 0.75;

/**
 * A drawing as a PDF of one page, as large as the drawing, its texts as texts. Helvetica is one of
 * the fonts that every reader has; letters outside Windows' western set are shown as "?".
 */
export function pdf(drawing: Drawing, measure: Measure): Uint8Array<ArrayBuffer> {
  const { width, height } = drawing;
  const content = contentOf(drawing, measure);
  const size = `[0 0 ${short(width * POINTS)} ${short(height * POINTS)}]`;
  const fonts = `<< /Font << /F1 ${font("Helvetica")} /F2 ${font("Helvetica-Bold")} >> >>`;
  return file([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox ${size} /Resources ${fonts} /Contents 4 0 R >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ]);
}

function font(name: string): string {
  return `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
}

/** Objects with the table that tells at which byte each of them begins. */
function file(objects: readonly string[]): Uint8Array<ArrayBuffer> {
  let text = "%PDF-1.4\n";
  const starts = objects.map((object, index) => {
    const start = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(start).padStart(10, "0")} 00000 n \n`;
  });
  const count = objects.length + 1;
  const table = `xref\n0 ${count}\n0000000000 65535 f \n${starts.join("")}`;
  text += `${table}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** PDF counts upwards from the foot of the page: the whole drawing is turned over once. */
function contentOf({ x, y, height, shapes }: Drawing, measure: Measure): string {
  const turned = [POINTS, 0, 0, -POINTS, -x * POINTS, (height + y) * POINTS].map(short).join(" ");
  const drawn = shapes.map((shape) => (shape.kind === "path" ? pathWords(shape) : textWords(shape, measure)));
  return [`${turned} cm`, "1 j", ...drawn].join("\n");
}

const OPERATORS = { M: "m", L: "l", C: "c", Z: "h" } as const;

function pathWords({ steps, fill, stroke, width = 1 }: Path): string {
  const line = steps.map(({ op, points }) => [...points.map(short), OPERATORS[op]].join(" "));
  const colors = [fill && `${channels(fill)} rg`, stroke && `${channels(stroke)} RG ${short(width)} w`];
  const paint = fill && stroke ? "B" : fill ? "f" : "S";
  return [...colors.filter(Boolean), ...line, paint].join("\n");
}

function textWords({ x, y, text, size, bold = false, color, anchor }: Text, measure: Measure): string {
  const width = anchor === "start" ? 0 : measure(text, size, bold);
  const left = anchor === "middle" ? x - width / 2 : x - width;
  const place = `1 0 0 -1 ${short(left)} ${short(y)} Tm`;
  return `BT ${channels(color)} rg /F${bold ? 2 : 1} ${short(size)} Tf ${place} <${encoded(text)}> Tj ET`;
}

function channels(color: Color): string {
  return color.map((part) => String(Math.round((part / 255) * 1000) / 1000)).join(" ");
}

/** Letters of Windows' western set that have another number in Unicode. */
const MOVED: Record<string, number> = { "€": 128, "…": 133, "‘": 145, "’": 146, "“": 147, "”": 148, "–": 150, "—": 151 };

function encoded(text: string): string {
  return [...text].map((letter) => codeOf(letter).toString(16).padStart(2, "0")).join("");
}

function codeOf(letter: string): number {
  const code = letter.codePointAt(0) ?? 0;
  const isShared = (code >= 32 && code < 127) || (code >= 160 && code < 256);
  return MOVED[letter] ?? (isShared ? code : "?".charCodeAt(0));
}
