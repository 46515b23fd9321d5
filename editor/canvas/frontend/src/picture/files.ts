import { drawOnce } from "../diagram/artist";
import { safeSvg } from "../diagram/sanitize";
import type { EditorState } from "../state/state";
import { canvasPicture } from "./canvasPicture";
import { FONT, type Measure } from "./drawing";
import { pdf } from "./pdf";
import { readSvg, svgText } from "./svg";

export type Subject = "canvas" | "diagram";
export type Kind = "svg" | "png" | "pdf";

/** How many picture points a PNG has for one of the drawing, and how many it may have along a side. */
const SHARPNESS = 2;
const LONGEST = 8_000;

/** A picture of the canvas or the diagram, made here in the browser. */
export async function picture(state: EditorState, subject: Subject, kind: Kind): Promise<Blob> {
  const { document, overlay, catalog } = state;
  const measure = measuring();
  const drawing =
    subject === "canvas"
      ? canvasPicture({ document, overlay, catalog }, measure)
      : readSvg(await drawnDiagram(state.dot));
  if (kind === "pdf") return new Blob([pdf(drawing, measure)], { type: "application/pdf" });
  const svg = svgText(drawing, state.whole.name);
  if (kind === "svg") return new Blob([svg], { type: "image/svg+xml" });
  return png(svg, drawing);
}

/** A Graphviz drawing as an SVG file. */
export async function diagramSvg(dot: string, title: string): Promise<Blob> {
  const drawing = readSvg(await drawnDiagram(dot));
  return new Blob([svgText(drawing, title)], { type: "image/svg+xml" });
}

async function drawnDiagram(dot: string): Promise<SVGSVGElement> {
  const svg = safeSvg(await drawOnce(dot));
  if (!svg) throw new Error("Graphviz drew nothing.");
  return svg;
}

function measuring(): Measure {
  const pen = document.createElement("canvas").getContext("2d");
  return (text, size, bold) => {
    if (!pen) return text.length * size * 0.55;
    pen.font = `${bold ? "bold " : ""}${size}px ${FONT}`;
    return pen.measureText(text).width;
  };
}

async function png(svg: string, { width, height }: { width: number; height: number }): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(SHARPNESS, LONGEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.ceil(width * scale), Math.ceil(height * scale)];
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("This browser cannot draw a PNG; take SVG or PDF.");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("This browser cannot draw a PNG so large; take SVG or PDF.");
  return blob;
}

/** A name that every system takes for a file. */
export function fileName(name: string, ending: string): string {
  const plain = name.replace(/[^\p{L}\p{N}_ -]/gu, "_").trim().slice(0, 60);
  return `${plain || "design"}.${ending}`;
}

export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
