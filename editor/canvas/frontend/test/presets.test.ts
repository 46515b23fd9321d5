import { describe, expect, it } from "vitest";
import { addAt } from "../src/model/gestures";
import { startingValues, startOf, withPresets } from "../src/model/presets";
import { matching } from "../src/model/search";
import { design, param, schema } from "./designs";

const identity = {
  id: "identity_block",
  title: "Identity block",
  summary: "Adds the input as it is.",
  citation: "He et al. 2015",
  values: { shortcut: "identity" },
};
const halving = { ...identity, id: "halving", title: "Halving block", values: { stride: 2 } };
const residual = schema("Residual", {
  keywords: "skip",
  params: [
    param("filters", { default: 64 }),
    param("stride", { default: 1 }),
    param("shortcut", { kind: "choice", default: "auto", options: ["auto", "identity"] }),
  ],
  presets: [identity, halving],
});

describe("a preset", () => {
  it("stands in the palette after its block and is found by its own name", () => {
    const entries = withPresets([schema("Conv"), residual]);
    expect(entries.map((entry) => entry.title)).toEqual([
      "Conv",
      "Residual",
      "Identity block",
      "Halving block",
    ]);
    expect(matching(entries, "identity").map((entry) => entry.preset?.id)).toEqual(["identity_block"]);
    expect(matching(entries, "skip")).toHaveLength(3);
  });

  it("becomes a block of its type with its values and its name", () => {
    const entry = withPresets([residual])[1] ?? residual;
    const { id, label, edit } = addAt(design([]), entry, { x: 0, y: 0 });
    expect(label).toBe("Add Identity block");
    expect(edit.nodes?.[id]).toMatchObject({
      block: "Residual",
      name: "identity_block_1",
      params: { shortcut: "identity" },
    });
  });

  it("is started from by setting its values and taking back those of the others", () => {
    expect(startingValues(residual, "halving")).toEqual({ shortcut: null, stride: 2 });
    expect(startingValues(residual, "")).toEqual({ shortcut: null, stride: null });
  });

  it("is recognised by its values, whatever the other parameters are", () => {
    expect(startOf(residual, { filters: 8 })).toBe("");
    expect(startOf(residual, { filters: 8, stride: 2 })).toBe("halving");
    expect(startOf(residual, { stride: 2, shortcut: "identity" })).toBeNull();
  });
});
