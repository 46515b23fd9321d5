import { describe, expect, it } from "vitest";
import { find } from "../src/actions/finding";
import { TERMS, termOf } from "../src/model/glossary";
import { EMPTY_STATE } from "../src/state/state";
import { param } from "./designs";

describe("words of the field", () => {
  it("belong to the parameters whose choices they explain", () => {
    expect(termOf(param("border", { options: ["same", "valid"] }))).toBe("padding");
    expect(termOf(param("way", { options: ["identity", "projection"] }))).toBe("projection");
    expect(termOf(param("form", { options: ["basic", "bottleneck"] }))).toBe("bottleneck");
    expect(termOf(param("pool", { options: ["max", "average"] }))).toBeNull();
    expect(termOf(param("filters"))).toBeNull();
  });

  it("are found by name, and not offered before anybody asks", () => {
    const search = { kind: "palette", purpose: "any", at: null } as const;
    for (const { id, title } of TERMS) {
      const keys = find(EMPTY_STATE, search, title).map((found) => found.key);
      expect(keys).toContain(`term ${id}`);
    }
    expect(find(EMPTY_STATE, search, "").filter((found) => found.key.startsWith("term"))).toEqual([]);
  });

  it("count the weights of a bottleneck as the convolutions do", () => {
    const convolution = (window: number, from: number, to: number) => window * window * from * to;
    const narrow = convolution(1, 256, 64) + convolution(3, 64, 64) + convolution(1, 64, 256);
    const words = TERMS.find(({ id }) => id === "bottleneck")?.words.join(" ");
    expect(words).toContain(narrow.toLocaleString("en-US"));
    expect(words).toContain((2 * convolution(3, 256, 256)).toLocaleString("en-US"));
  });
});
