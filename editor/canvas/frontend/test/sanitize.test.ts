// @vitest-environment jsdom
import { expect, it } from "vitest";
import { safeSvg } from "../src/diagram/sanitize";

const drawing = (inside: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">${inside}</svg>`;

it("a drawing keeps its shapes, words, classes and ids", () => {
  const svg = safeSvg(drawing('<g id="node-n1" class="node"><path d="M0 0"/><text>conv_1</text></g>'));
  expect(svg?.querySelector("#node-n1.node text")?.textContent).toBe("conv_1");
});

it.each([
  ["<script>alert(1)</script>", "script"],
  ["<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>", "foreignObject"],
  ["<image xlink:href='http://elsewhere/x.png'/>", "image"],
  ["<style>*{}</style>", "style"],
])("it loses %s", (inside, name) => {
  expect(safeSvg(drawing(inside))?.querySelector(name)).toBeNull();
});

it("it loses links but keeps what they wrap", () => {
  const svg = safeSvg(drawing('<a xlink:href="javascript:alert(1)"><text>conv_1</text></a>'));
  expect(svg?.querySelector("a")).toBeNull();
  expect(svg?.querySelector("text")?.textContent).toBe("conv_1");
});

it("it loses handlers, styles and what points elsewhere", () => {
  const svg = safeSvg(
    drawing('<path onclick="alert(1)" style="fill:red" fill="url(http://elsewhere)" d="M0 0"/>'),
  );
  expect(svg?.querySelector("path")?.getAttributeNames()).toEqual(["d"]);
});

it("what is no SVG is nothing", () => {
  expect(safeSvg("<html/>")).toBeNull();
  expect(safeSvg("Error: <b")).toBeNull();
});
