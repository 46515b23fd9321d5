import { describe, expect, it } from "vitest";
import { nameProblem } from "../src/model/naming";
import { applies, differences, firstWords, headline, paramProblem, parseTyped, stepped } from "../src/model/params";
import { param, schema } from "./designs";

const filters = param("filters", { label: "Filters", min: 1, max: 8192, default: 64, headline: true });
const dropout = param("dropout", { kind: "number", label: "Dropout", min: 0, max: 0.9, default: 0.2 });
const shortcut = param("shortcut", {
  kind: "choice",
  label: "Shortcut",
  options: ["auto", "projection"],
  default: "auto",
  headline: true,
});

describe("a value that breaks its rule", () => {
  it("is answered with the limits", () => {
    expect(paramProblem(filters, 0)).toBe("Filters must be an integer from 1 to 8192.");
    expect(paramProblem(filters, 1.5)).toBe("Filters must be an integer from 1 to 8192.");
    expect(paramProblem(filters, "many")).toBe("Filters must be an integer from 1 to 8192.");
    expect(paramProblem(dropout, 1)).toBe("Dropout must be a number from 0 to 0.9.");
    expect(paramProblem(shortcut, "none")).toBe("Shortcut must be one of auto, projection.");
    expect(paramProblem(param("n", { label: "N", min: 1 }), 0)).toBe("N must be an integer of at least 1.");
    expect(paramProblem(param("on", { kind: "flag", label: "On" }), "yes")).toBe("On must be on or off.");
  });

  it("is none where it is kept", () => {
    expect(paramProblem(filters, 8192)).toBeNull();
    expect(paramProblem(dropout, 0)).toBeNull();
    expect(paramProblem(shortcut, "auto")).toBeNull();
    expect(paramProblem(param("n", { optional: true }), null)).toBeNull();
  });
});

describe("what is typed", () => {
  it("is sent as a number where it is one, else as it came", () => {
    expect(parseTyped(filters, " 128 ")).toBe(128);
    expect(parseTyped(dropout, ".5")).toBe(0.5);
    expect(parseTyped(filters, "1e3")).toBe(1000);
    expect(parseTyped(filters, "12x")).toBe("12x");
    expect(parseTyped(filters, "")).toBe("");
    expect(parseTyped(filters, "1e999")).toBe("1e999");
    expect(parseTyped(param("note", { kind: "text" }), "12")).toBe("12");
  });

  it("is the default again where an optional field is emptied", () => {
    expect(parseTyped(param("rate", { optional: true }), "")).toBeNull();
  });
});

it("a field applies only where another parameter calls for it", () => {
  const bias = param("bias", { when: { shortcut: ["projection"] } });
  const block = schema("Residual", { params: [shortcut, bias] });
  expect(applies(bias, block, {})).toBe(false);
  expect(applies(bias, block, { shortcut: "projection" })).toBe(true);
});

it("the face of a block shows the parameters that matter", () => {
  const norm = param("norm", { kind: "flag", label: "Batch norm", default: false, headline: true });
  const block = schema("Residual", { params: [filters, shortcut, norm, dropout] });
  expect(headline(block, {})).toBe("Filters 64 · auto");
  expect(headline(block, { norm: true, filters: 8 })).toBe("Filters 8 · auto · Batch norm");
});

it("stepping stays within the limits and is exact", () => {
  expect(stepped(filters, 8192, 1)).toBe(8192);
  expect(stepped(filters, 64, -1)).toBe(63);
  expect(stepped(dropout, 0.2, 1)).toBe(0.3);
  expect(stepped(filters, "many", 1)).toBeNull();
});

it("a name must be able to stand in Python code", () => {
  expect(nameProblem("vgg_block_1")).toBeNull();
  expect(nameProblem("1st")).not.toBeNull();
  expect(nameProblem("two words")).not.toBeNull();
});

describe("the first of several repeats", () => {
  const block = schema("Residual", { params: [filters, shortcut, dropout] });
  const stage = { params: { filters: 128 }, first: { shortcut: "projection" } };

  it("may differ in every parameter that applies and does not differ yet", () => {
    const { shown, others } = differences(block, stage);
    expect(shown).toEqual([shortcut]);
    expect(others).toEqual([filters, dropout]);
  });

  it("is told on the face", () => {
    expect(firstWords(block, stage.first)).toBe("first: shortcut projection");
    expect(firstWords(block, {})).toBe("");
  });
});
