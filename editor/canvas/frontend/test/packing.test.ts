import { describe, expect, it } from "vitest";
import { exposedBy, type Row, rowProblem, rowsOf, separated, suggestedTitle } from "../src/model/packing";
import { design, node, param, schema } from "./designs";

const conv = schema("Conv", {
  title: "Convolution",
  params: [
    param("filters", { label: "Filters", min: 1, max: 8192, default: 32, headline: true }),
    param("bias", { label: "Bias", kind: "flag", default: true }),
  ],
});
const catalog = new Map([[conv.type, conv]]);
const equal = [node("one"), node("two")];
const choose = (rows: readonly Row[], ...names: string[]) =>
  rows.map((row) => ({ ...row, chosen: names.includes(row.name) }));

describe("the parameters to choose from", () => {
  it("are one row where the blocks have the same value", () => {
    const [filters, bias] = rowsOf(equal, catalog);
    expect(filters).toMatchObject({ name: "filters", of: ["one", "two"], initial: "32", min: "1", max: "8192" });
    expect(bias).toMatchObject({ name: "bias", initial: "true", min: "" });
  });

  it("are a row for each value where they differ, so that no number changes", () => {
    const rows = rowsOf([node("one"), node("two", "Conv", { params: { filters: 64 } })], catalog);
    expect(rows.map((row) => row.name)).toEqual(["filters", "bias", "two_filters"]);
  });

  it("can be taken apart, a row for each block", () => {
    const rows = rowsOf(equal, catalog);
    expect(separated(rows, rows[0]?.key ?? "").map((row) => row.name)).toEqual([
      ...["one_filters", "two_filters"],
      "bias",
    ]);
  });
});

describe("the parameters of the new block", () => {
  it("have their targets, default and limits", () => {
    expect(exposedBy(choose(rowsOf(equal, catalog), "filters"))).toEqual([
      {
        name: "filters",
        targets: [
          { node: "one", param: "filters" },
          { node: "two", param: "filters" },
        ],
        default: 32,
        min: 1,
        max: 8192,
      },
    ]);
  });

  it("are one where rows are called the same", () => {
    const rows = rowsOf([node("one"), node("two", "Conv", { params: { filters: 64 } })], catalog);
    const named = choose(rows, "filters", "two_filters").map((row) =>
      row.chosen ? { ...row, name: "width" } : row,
    );
    expect(exposedBy(named)).toMatchObject([{ name: "width", label: "Width", default: 32 }]);
    expect(exposedBy(named)[0]?.targets).toHaveLength(2);
  });
});

describe("what stands in the way", () => {
  const [row] = choose(rowsOf(equal, catalog), "filters") as [Row];

  it("is told in a sentence", () => {
    const wrong = (typed: Partial<Row>) => rowProblem({ ...row, ...typed }, []);
    expect(wrong({})).toBeNull();
    expect(wrong({ name: "2nd" })).toMatch("start with a letter");
    expect(wrong({ min: "64", max: "8" })).toBe("filters: the least is above the most.");
    expect(wrong({ min: "few" })).toBe("filters: limits are numbers.");
    expect(wrong({ initial: "2", min: "4" })).toBe("filters must be an integer from 4 to 8192.");
  });

  it("is a name for a number and a switch at once", () => {
    const bias = { ...(rowsOf(equal, catalog)[1] as Row), chosen: true, name: "filters" };
    expect(rowProblem(row, [row, bias])).toBe("filters: flag and integer cannot be one parameter.");
  });
});

it("a block of two of a kind is suggested as their twin", () => {
  expect(suggestedTitle(design(equal), ["one", "two"], catalog)).toBe("Twin convolution");
  expect(suggestedTitle(design(equal), ["one"], catalog)).toBe("My block");
});
