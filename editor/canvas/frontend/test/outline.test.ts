import { describe, expect, it } from "vitest";
import { possibleLinks, refusal } from "../src/model/connections";
import { outline } from "../src/model/outline";
import { CATALOG, design, link, node } from "./designs";

/** photo -> a -> b -> sum and photo -> sum; the blocks were added in another order. */
const drawn = design(
  [node("sum", "Add"), node("alone"), node("b"), node("a"), node("photo", "Image")],
  [link("photo", "a"), link("a", "b"), link("b", "sum", 1), link("photo", "sum", 0)],
);

describe("the outline", () => {
  it("has every block once, after all that leads to it", () => {
    const names = outline(drawn, new Set()).map((row) => row.node.name);
    expect(names).toHaveLength(5);
    for (const { source, target } of drawn.links) expect(names.indexOf(source)).toBeLessThan(names.indexOf(target));
  });

  it("shows the inputs of an open block below it, in their order", () => {
    const rows = outline(drawn, new Set(["sum"]));
    const at = rows.findIndex((row) => row.key === "sum");
    expect(rows.slice(at + 1, at + 3).map((row) => row.kind === "input" && row.source)).toEqual(["photo", "b"]);
    expect(rows[at]).toMatchObject({ sources: ["photo", "b"] });
  });

  it("ends where a file closes a loop", () => {
    const looped = design([node("a"), node("b")], [link("a", "b"), link("b", "a")]);
    expect(outline(looped, new Set())).toHaveLength(2);
  });
});

describe("the links that may be drawn from a block", () => {
  it("are exactly those that are not refused, from either end", () => {
    for (const { id } of drawn.nodes) {
      for (const side of ["in", "out"] as const) {
        const others = drawn.nodes.filter((one) => one.id !== id).map((one) => one.id);
        const all = others.map((other) => (side === "out" ? link(id, other) : link(other, id)));
        const allowed = all.filter((one) => refusal(drawn, CATALOG, one) === null).map((one) => one.source + one.target);
        const offered = possibleLinks(drawn, CATALOG, id, side).map((one) => one.source + one.target);
        expect(offered.toSorted()).toEqual(allowed.toSorted());
      }
    }
  });
});
