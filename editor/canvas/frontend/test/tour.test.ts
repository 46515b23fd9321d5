import { describe, expect, it } from "vitest";
import { applyEdit } from "../src/model/edit";
import { piecesOf, STEPS, stepOf } from "../src/model/tour";
import type { Design } from "../src/model/types";
import { CATALOG, design, link, node, schema } from "./designs";

const catalog = new Map([...CATALOG, ["Classifier", schema("Classifier")]]);

/** The designs that one gesture after the other leads to. */
function walk(): Design[] {
  const designs = [design([], [])];
  for (const step of STEPS) {
    const drawn = designs.at(-1) as Design;
    const gesture = step.gesture(drawn, catalog, piecesOf(drawn));
    designs.push(applyEdit(drawn, gesture?.edit ?? {}).document);
  }
  return designs;
}

describe("the tour", () => {
  it("has six steps, and what each does for a person leads to the next", () => {
    expect(STEPS).toHaveLength(6);
    expect(walk().map(stepOf)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("leaves a convolution with a shortcut around it", () => {
    const whole = walk().at(-1) as Design;
    expect(whole.links).toHaveLength(5);
    const { sum, shortcut } = piecesOf(whole);
    const into = Map.groupBy(whole.links, (one) => one.target).get(sum?.id ?? "");
    expect(into).toHaveLength(2);
    expect(shortcut).toBe(true);
  });

  it("waits while a block is there and not linked", () => {
    const loose = design([node("photo", "Image"), node("a")], []);
    expect(stepOf(loose)).toBe(1);
    expect(stepOf({ ...loose, links: [link("photo", "a")] })).toBe(2);
  });
});
