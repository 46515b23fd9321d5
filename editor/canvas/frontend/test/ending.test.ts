import { describe, expect, it } from "vitest";
import { headless } from "../src/model/ending";
import { CATALOG, design, link, node, schema } from "./designs";

const catalog = new Map([...CATALOG, ["Classifier", schema("Classifier", { category: "Output" })]]);
const end = (...more: Parameters<typeof design>) => headless(design(...more), catalog)?.name;

describe("a network that gives no answer", () => {
  it("is one that ends with a usual block", () => {
    expect(end([node("photo", "Image"), node("a")], [link("photo", "a")])).toBe("a");
  });

  it("is none with a head, or with an activation that is an answer", () => {
    expect(end([node("a"), node("head", "Classifier")], [link("a", "head")])).toBeUndefined();
    expect(end([node("a", "Conv", { params: { activation: "softmax" } })])).toBeUndefined();
  });

  it("is none before there is a network, or with several ends", () => {
    expect(end([])).toBeUndefined();
    expect(end([node("photo", "Image")])).toBeUndefined();
    expect(end([node("a"), node("b")])).toBeUndefined();
  });
});
