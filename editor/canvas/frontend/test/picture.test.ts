// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { canvasPicture } from "../src/picture/canvasPicture";
import { colorOf, hex, oklch, overWhite } from "../src/picture/color";
import { fitted, type Measure, rectangle, stepsOf } from "../src/picture/drawing";
import { fileName } from "../src/picture/files";
import { pdf } from "../src/picture/pdf";
import { readSvg, svgText } from "../src/picture/svg";
import { CATALOG, design, link, node } from "./designs";
import { EMPTY_STATE } from "../src/state/state";

const measure: Measure = (text, size) => text.length * size * 0.5;

const drawn = () => {
  const document = design([node("a", "Image"), node("b", "Conv", { y: 120, repeat: 3 })], [link("a", "b")]);
  return canvasPicture({ document, overlay: EMPTY_STATE.overlay, catalog: CATALOG }, measure);
};

describe("colours", () => {
  it("are those of the OKLCH space", () => {
    expect(hex(oklch(1, 0, 0))).toBe("#ffffff");
    expect(hex(oklch(0, 0, 0))).toBe("#000000");
    expect(hex(oklch(0.627955, 0.257683, 29.2339))).toBe("#ff0000");
  });

  it("are laid over white by their opacity", () => {
    expect(overWhite([0, 100, 255], 0.2)).toEqual([204, 224, 255]);
  });

  it("are read as Graphviz writes them", () => {
    expect(colorOf("#c36953")).toEqual([195, 105, 83]);
    expect(colorOf("black")).toEqual([0, 0, 0]);
    expect(colorOf("none")).toBeUndefined();
  });
});

describe("a path", () => {
  it("is read in absolute commands, several curves after one letter too", () => {
    expect(stepsOf("M20,-8C1,2 3,4 5,6 7,8 9,10 11,12Z").map((step) => step.op)).toEqual(["M", "C", "C", "Z"]);
  });

  it("with one handle becomes one with two that is the same curve", () => {
    const [, curve] = stepsOf("M0,0Q3,6 6,0");
    expect(curve).toEqual({ op: "C", points: [2, 4, 4, 4, 6, 0] });
  });

  it("closes a rectangle where it began", () => {
    const steps = rectangle(10, 20, 30, 40, 5);
    expect(steps[0]?.points).toEqual([15, 20]);
    expect(steps.at(-2)?.points.slice(-2)).toEqual([15, 20]);
  });
});

describe("the picture of the canvas", () => {
  it("holds all blocks with a margin, wherever the view is", () => {
    expect(drawn()).toMatchObject({ x: -24, y: -24, width: 224 + 48, height: 120 + 72 + 48 });
  });

  it("holds the notes beside the blocks, their words in lines that fit", () => {
    const note = { text: "one two three\nfour", x: 300, y: 0, width: 84, height: 96 };
    const document = { ...design([node("a", "Image")]), notes: { n: note } };
    const picture = canvasPicture({ document, overlay: EMPTY_STATE.overlay, catalog: CATALOG }, measure);
    expect(picture).toMatchObject({ x: -24, width: 384 + 48, height: 96 + 48 });
    const words = picture.shapes.flatMap((shape) => (shape.kind === "text" && shape.x > 300 ? [shape.text] : []));
    expect(words).toEqual(["one two", "three", "four"]);
  });

  it("comes back from its own SVG with the same texts", () => {
    const text = svgText(drawn(), "tiny");
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
    expect(parsed.querySelector("parsererror")).toBeNull();
    const texts = (shapes: typeof read.shapes) => shapes.flatMap((one) => (one.kind === "text" ? one.text : []));
    const read = readSvg(parsed.documentElement as unknown as SVGSVGElement);
    expect(texts(read.shapes)).toEqual(texts(drawn().shapes));
    expect(texts(read.shapes)).toContain("b × 3");
  });

  it("escapes what a person typed", () => {
    const document = design([node("a", "Image", { name: "</text><script>alert(1)</script>" })]);
    const wide: Measure = () => 1;
    const picture = canvasPicture({ document, overlay: EMPTY_STATE.overlay, catalog: CATALOG }, wide);
    const parsed = new DOMParser().parseFromString(svgText(picture, "<script>"), "image/svg+xml");
    expect(parsed.querySelectorAll("script")).toHaveLength(0);
    expect(parsed.documentElement.textContent).toContain("</text><script>");
  });
});

describe("a PDF", () => {
  it("holds the words in Windows' western letters, others as a question mark", () => {
    const shape = { kind: "text", x: 0, y: 9, text: "3 × é … 网)(\\", size: 9, color: [0, 0, 0], anchor: "start" } as const;
    const text = new TextDecoder("latin1").decode(pdf({ x: 0, y: 0, width: 9, height: 9, shapes: [shape] }, measure));
    const bytes = /<([\da-f]+)> Tj/.exec(text)?.[1]?.match(/../g) ?? [];
    const word = new TextDecoder("windows-1252").decode(Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16)));
    expect(word).toBe("3 × é … ?)(\\");
  });
});

describe("words", () => {
  it("are cut with an ellipsis to the room there is", () => {
    expect(fitted("filters 64", 100, 10, false, measure)).toBe("filters 64");
    expect(fitted("filters 64", 30, 10, false, measure)).toBe("filte…");
  });

  it("become file names that any system takes", () => {
    expect(fileName('a/b\\c:"<é>"', "svg")).toBe("a_b_c___é__.svg");
    expect(fileName("  ", "pdf")).toBe("design.pdf");
  });
});
