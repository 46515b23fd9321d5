import { describe, expect, test } from "vitest";
import { leapt, scrubbed } from "../src/model/scrubbing";
import type { ParamSchema } from "../src/model/types";

const FILTERS: ParamSchema = {
  name: "filters",
  kind: "integer",
  label: "Filters",
  help: "",
  default: 64,
  min: 1,
  max: 8192,
};
const KERNEL: ParamSchema = { ...FILTERS, name: "kernel_size", max: 127 };
const DROPOUT: ParamSchema = { ...FILTERS, kind: "number", min: 0, max: 0.99, step: 0.05 };

describe("dragging a number", () => {
  test("channels double over the same way wherever they begin", () => {
    expect(scrubbed(FILTERS, 32, 64)).toBe(64);
    expect(scrubbed(FILTERS, 512, 64)).toBe(1024);
    expect(scrubbed(FILTERS, 512, -128)).toBe(128);
  });

  test("channels move in eights, few of them one by one", () => {
    expect(scrubbed(FILTERS, 64, 10) % 8).toBe(0);
    expect(scrubbed(FILTERS, 4, 30)).toBe(6);
  });

  test("other numbers move in their own steps, without rests of floating point", () => {
    expect(scrubbed(KERNEL, 3, 13)).toBe(5);
    expect(scrubbed(DROPOUT, 0.1, 24)).toBe(0.3);
  });

  test("nothing leaves its limits", () => {
    expect(scrubbed(FILTERS, 64, 10_000)).toBe(8192);
    expect(scrubbed(FILTERS, 64, -10_000)).toBe(1);
    expect(scrubbed(DROPOUT, 0.5, 10_000)).toBe(0.99);
  });

  test("page up and down double and halve channels", () => {
    expect(leapt(FILTERS, 64, 1)).toBe(128);
    expect(leapt(FILTERS, 64, -1)).toBe(32);
    expect(leapt(KERNEL, 3, 1)).toBe(13);
    expect(leapt(FILTERS, "many", 1)).toBeNull();
  });
});
