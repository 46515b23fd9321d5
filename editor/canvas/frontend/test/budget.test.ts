import { describe, expect, test } from "vitest";
import { LIMITS, shareOf, stateOf, verdict, withLimit } from "../src/model/budget";
import { countOf, shapeText, typeset } from "../src/model/format";
import type { Use } from "../src/model/types";

const [PARAMS, MACS] = LIMITS;
const use = (used: string, limit: number): Use => ({ name: "params", used, limit });

describe("a budget", () => {
  test("is near its end from nine tenths on and over only past it", () => {
    expect(stateOf(use("899", 1000))).toBe("within");
    expect(stateOf(use("900", 1000))).toBe("near");
    expect(stateOf(use("1000", 1000))).toBe("near");
    expect(stateOf(use("1001", 1000))).toBe("over");
  });

  test("is counted exactly where numbers of JavaScript end", () => {
    expect(stateOf(use("9007199254740992", 9007199254740991))).toBe("over");
    expect(shareOf(use("1", 3))).toBe(33.3);
  });

  test("is summed up by the limit that is nearest", () => {
    const uses: Use[] = [use("500", 1000), { name: "macs", used: "1200", limit: 1000 }];
    expect(verdict(uses)).toEqual({ state: "over", words: "Over budget: macs 120 %" });
    expect(verdict([])).toBeNull();
  });

  test("ends with its last limit", () => {
    expect(withLimit(undefined, PARAMS!, 10).edit).toEqual({ budget: { params: 10 } });
    expect(withLimit({ params: 10, macs: 5 }, MACS!, undefined).edit).toEqual({ budget: { params: 10 } });
    expect(withLimit({ params: 10, batch_size: 8 }, PARAMS!, undefined).edit).toEqual({ budget: null });
  });
});

describe("numbers for people", () => {
  test("a count may be typed with separators and a scale", () => {
    expect(countOf("3M")).toBe(3_000_000);
    expect(countOf("2.5 k")).toBe(2_500);
    expect(countOf("1,000,000")).toBe(1_000_000);
    expect(countOf("500 MB")).toBe(500_000_000);
    expect(countOf("1.5 GB")).toBe(1_500_000_000);
    for (const wrong of ["", "many", "0", "-3", "1e99", "3 MM", "<b>"]) expect(countOf(wrong)).toBeNull();
  });

  test("shapes have separators, too", () => {
    expect(shapeText("3211264")).toBe("3,211,264");
    expect(shapeText("224x224x3")).toBe("224 × 224 × 3");
    expect(shapeText("?x64")).toBe("? × 64");
  });

  test("arithmetic has the signs of printed books", () => {
    expect(typeset("floor((9 - 2) / 2) x 4")).toBe("floor((9 − 2) / 2) × 4");
  });
});
