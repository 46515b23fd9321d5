import { describe, expect, it } from "vitest";
import { copied, ForeignText, pasted } from "../src/model/clipboard";
import { applyEdit } from "../src/model/edit";
import { duplication } from "../src/model/gestures";
import type { Definition, Design } from "../src/model/types";
import { design, link, node } from "./designs";

const twin: Definition = {
  title: "Twin",
  nodes: [node("c")],
  links: [],
  inputs: [],
  outputs: [],
  params: [],
};
const tail: Definition = { ...twin, title: "Tail", nodes: [node("t", "own:twin")] };
const before = design(
  [node("photo", "Image"), node("a", "Conv", { params: { filters: 8 } }), node("b", "Conv", { y: 120 })],
  [link("photo", "a"), link("a", "b", 3)],
);
const withOwn: Design = {
  ...design([node("x", "own:tail")]),
  definitions: { twin, tail },
};
const copy = (from: Design, ...ids: string[]) => copied(from, ids) ?? "";

describe("blocks that are copied and pasted", () => {
  it("come with the links among them, under new names, beside the originals", () => {
    const { ids, edit, label } = pasted(before, copy(before, "a", "b"), undefined);
    const after = applyEdit(before, edit).document;
    const [first, second] = ids.map((id) => after.nodes.find((one) => one.id === id));
    expect(label).toBe("Paste 2 blocks");
    expect(first).toMatchObject({ name: "a_2", params: { filters: 8 }, x: 40, y: 40 });
    expect(second).toMatchObject({ name: "b_2", y: 160 });
    expect(after.links).toHaveLength(3);
    expect(after.links.at(-1)).toMatchObject({ source: ids[0], target: ids[1], order: 3 });
  });

  it("do not lie on one another when pasted twice", () => {
    const text = copy(before, "a");
    const once = applyEdit(before, pasted(before, text, undefined).edit).document;
    const twice = applyEdit(once, pasted(once, text, undefined).edit).document;
    expect(twice.nodes.at(-1)).toMatchObject({ name: "a_3", x: 80, y: 80 });
  });

  it("keep their names in another design", () => {
    const empty = design([]);
    const after = applyEdit(empty, pasted(empty, copy(before, "a"), undefined).edit).document;
    expect(after.nodes).toMatchObject([{ name: "a", x: 0, y: 0 }]);
  });

  it("bring their definitions along, and those inside them", () => {
    const empty = design([]);
    const { edit } = pasted(empty, copy(withOwn, "x"), undefined);
    expect(applyEdit(empty, edit).document.definitions).toEqual({ twin, tail });
  });

  it("use the definitions that are there already", () => {
    expect(pasted(withOwn, copy(withOwn, "x"), undefined).edit.definitions).toBeUndefined();
  });

  it("keep theirs under another id where there is another of that id", () => {
    const other = { ...design([]), definitions: { twin: { ...twin, title: "Other" } } };
    const { edit } = pasted(other, copy(withOwn, "x"), undefined);
    expect(edit.definitions?.twin_2).toEqual(twin);
    expect(edit.definitions?.tail?.nodes[0]?.block).toBe("own:twin_2");
  });

  it("are refused inside a block that they hold", () => {
    const paste = () => pasted(withOwn, copy(withOwn, "x"), "twin");
    expect(paste).toThrow("x holds the block that is open");
  });
});

it("nothing is copied where nothing is selected", () => {
  expect(copied(before, [])).toBeNull();
  expect(copied(before, ["gone"])).toBeNull();
});

describe("text that is not ours", () => {
  const ours = JSON.parse(copy(withOwn, "x")) as Record<string, unknown>;
  it.each([
    "",
    "hello",
    "null",
    "[]",
    '{"nodes": [{"id": "a"}]}',
    JSON.stringify({ ...ours, version: 2 }),
    JSON.stringify({ ...ours, nodes: [] }),
    JSON.stringify({ ...ours, nodes: [3] }),
    JSON.stringify({ ...ours, definitions: {} }),
    JSON.stringify({ ...ours, definitions: { tail: 3 } }),
  ])("is not pasted: %s", (text) => {
    expect(() => pasted(before, text, undefined)).toThrow(ForeignText);
  });
});

describe("notes that are copied and pasted", () => {
  const note = { text: "why so wide?", x: 8, y: 16, width: 224, height: 96 };
  const noted: Design = { ...before, notes: { n1: note, n2: { ...note, x: 400 } } };

  it("come alone, under new ids, beside the originals", () => {
    const { edit, label, notes } = pasted(noted, copied(noted, [], ["n1"]) ?? "", undefined);
    const after = applyEdit(noted, edit).document;
    expect(label).toBe("Paste note");
    expect(after.notes?.[notes[0] ?? ""]).toEqual({ ...note, x: 48, y: 56 });
    expect(Object.keys(after.notes ?? {})).toHaveLength(3);
    expect(after.nodes).toEqual(noted.nodes);
  });

  it("come with the blocks they are chosen with, and no others do", () => {
    const empty = design([]);
    const { edit } = pasted(empty, copied(noted, ["a"], ["n2"]) ?? "", undefined);
    const after = applyEdit(empty, edit).document;
    expect(after.nodes).toMatchObject([{ name: "a" }]);
    expect(Object.values(after.notes ?? {})).toEqual([{ ...note, x: 400 }]);
  });

  it("stay out of a block of one's own, and damaged ones out of every design", () => {
    const text = copied(noted, ["a"], ["n1"]) ?? "";
    expect(pasted(noted, text, "twin").edit.notes).toBeUndefined();
    expect(() => pasted(noted, copied(noted, [], ["n1"]) ?? "", "twin")).toThrow("leave the open block");
    const damaged = text.replace('"why so wide?"', "[]");
    expect(pasted(noted, damaged, undefined).notes).toEqual([]);
  });

  it("are duplicated like blocks", () => {
    const made = duplication(noted, [], ["n1"]);
    const after = applyEdit(noted, made?.edit ?? {}).document;
    expect(made?.label).toBe("Duplicate note");
    expect(after.notes?.[made?.notes[0] ?? ""]).toEqual({ ...note, x: 48, y: 56 });
  });
});

it("leaves weights and budget with the design they are of", () => {
  const rich: Design = { ...before, budget: { params: 5 }, weights: { id: "w", source: "file", layers: 1 } };
  expect(JSON.parse(copy(rich, "a"))).not.toHaveProperty("budget");
  expect(JSON.parse(copy(rich, "a"))).not.toHaveProperty("weights");
});


it("blocks of a design with a budget are copied like any others", () => {
  const text = copied({ ...before, version: 2 } as Design, [before.nodes[0]!.id]) ?? "";
  expect(Object.keys(pasted(before, text, undefined).edit.nodes ?? {})).toHaveLength(1);
});
