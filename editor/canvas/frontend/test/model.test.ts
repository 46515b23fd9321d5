import { describe, expect, it } from "vitest";
import { proposal, refusal } from "../src/model/connections";
import { bytes, grouped, scaled, shapeText } from "../src/model/format";
import {
  addAfter,
  addAt,
  arrangement,
  chaining,
  connection,
  duplication,
  movement,
  removal,
  reordering,
} from "../src/model/gestures";
import { clearOf, freePlace, layout, NODE_HEIGHT, NODE_WIDTH } from "../src/model/layout";
import { freeName, newId, newName, snakeCase } from "../src/model/naming";
import { matching } from "../src/model/search";
import { share } from "../src/model/share";
import { CATALOG, design, link, node, schema } from "./designs";

const chain = design([node("photo", "Image"), node("a"), node("b")], [link("photo", "a"), link("a", "b")]);
const ends = (source: string, target: string) => ({ source, source_port: "out", target, target_port: "in" });

describe("a link is refused", () => {
  const refused = (source: string, target: string, where = chain) =>
    refusal(where, CATALOG, ends(source, target));

  it("from a block to itself", () => expect(refused("a", "a")).toBe("a cannot feed itself."));

  it("into an input of the network", () =>
    expect(refused("b", "photo")).toBe("photo is an input of the network: nothing leads into it."));

  it("where one input is taken already", () =>
    expect(refused("photo", "b")).toBe("b takes one input and already has one."));

  it("where it would close a loop", () => {
    const open = design([node("x", "Add"), node("y"), node("z")], [link("x", "y"), link("y", "z")]);
    expect(refused("z", "x", open)).toBe("This would close a loop: x already leads to z.");
  });

  it("where there is the same one already", () => {
    const twice = design([node("a"), node("sum", "Add")], [link("a", "sum")]);
    expect(refused("a", "sum", twice)).toBe("a already leads to sum.");
  });

  it("but not a second one into a block of many inputs", () => {
    const sum = design([node("a"), node("b"), node("sum", "Add")], [link("a", "sum")]);
    expect(refused("b", "sum", sum)).toBeNull();
    expect(connection(sum, ends("b", "sum")).edit.links).toEqual({ "b:out>sum:in": { order: 1 } });
  });
});

it("a link dropped on a block's body goes to its port, drawn in either direction", () => {
  const two = design([node("a"), node("b")]);
  const reach = { node: "a", port: "out", side: "out", over: "b", overPort: null } as const;
  expect(proposal(two, CATALOG, reach)).toEqual({ ends: ends("a", "b"), refusal: null });
  const back = { node: "b", port: "in", side: "in", over: "a", overPort: null } as const;
  expect(proposal(two, CATALOG, back)).toEqual({ ends: ends("a", "b"), refusal: null });
});

describe("names", () => {
  it("are the snake-case type with a number", () => {
    expect(["VGGBlock", "NaiveInception", "Conv", "GlobalPool", "MaxPoolFork"].map(snakeCase)).toEqual([
      "vgg_block",
      "naive_inception",
      "conv",
      "global_pool",
      "max_pool_fork",
    ]);
    expect(newName("VGGBlock", new Set(["vgg_block_1", "vgg_block_3"]))).toBe("vgg_block_2");
  });

  it("that are taken count on from two", () => {
    expect(freeName("stem", new Set())).toBe("stem");
    expect(freeName("stem", new Set(["stem"]))).toBe("stem_2");
    expect(freeName("stem_2", new Set(["stem_2"]))).toBe("stem_3");
  });

  it("ids are permanent and of letters and digits", () => expect(newId()).toMatch(/^n[a-z0-9]{9}$/));
});

describe("gestures", () => {
  const conv = CATALOG.get("Conv") ?? schema("Conv");

  it("adding after a selected block links to it, below", () => {
    const added = addAfter(chain, CATALOG, conv, "b");
    expect(added.edit.links).toEqual({ [`b:out>${added.id}:in`]: { order: 0 } });
    expect(added.edit.nodes?.[added.id]).toMatchObject({ name: "conv_1", block: "Conv" });
  });

  it("adding with nothing selected links nothing", () => {
    expect(addAfter(chain, CATALOG, conv, null).edit.links).toBeUndefined();
  });

  it("an input is never linked to", () => {
    const image = CATALOG.get("Image") ?? schema("Image");
    expect(addAfter(chain, CATALOG, image, "b").edit.links).toBeUndefined();
  });

  it("removing is one edit with words", () => {
    expect(removal(chain, ["a", "b"], [])).toMatchObject({ label: "Remove 2 blocks" });
    expect(removal(chain, ["a"], []).label).toBe("Remove a");
    expect(removal(chain, [], ["a:out>b:in"]).label).toBe("Remove link");
  });

  it("a move that ends where it began is none", () => {
    expect(movement(chain, new Map([["a", { x: 0, y: 0 }]]))).toBeNull();
    expect(movement(chain, new Map([["a", { x: 8, y: 0 }]]))?.edit).toEqual({ nodes: { a: { x: 8, y: 0 } } });
  });

  it("a copy takes the links among the copied along", () => {
    const copied = duplication(chain, ["a", "b"]);
    const [a, b] = copied?.ids ?? [];
    expect(copied?.edit.links).toEqual({ [`${a}:out>${b}:in`]: { order: 0 } });
    expect(copied?.edit.nodes?.[a ?? ""]).toMatchObject({ name: "a_2", x: 40, y: 40 });
  });
});

describe("linking what is selected", () => {
  const loose = design([node("photo", "Image"), node("a"), node("b")]);

  it("goes from the first to the second to the third, as one edit", () => {
    const links = { "photo:out>a:in": { order: 0 }, "a:out>b:in": { order: 0 } };
    expect(chaining(loose, CATALOG, ["photo", "a", "b"])).toEqual({
      label: "Link 3 blocks",
      edit: { links },
    });
  });

  it("says why where one of the links is refused", () => {
    expect(() => chaining(loose, CATALOG, ["a", "photo"])).toThrow("nothing leads into it");
    expect(() => chaining(loose, CATALOG, ["a", "b", "a"])).toThrow("would close a loop");
  });

  it("needs two blocks", () => expect(chaining(loose, CATALOG, ["a"])).toBeNull());
});

it("an input moves up one place", () => {
  const incoming = [link("a", "sum", 0), link("b", "sum", 1), link("c", "sum", 2)];
  expect(reordering("sum", incoming, 2).edit.links).toEqual({
    "a:out>sum:in": { order: 0 },
    "c:out>sum:in": { order: 1 },
    "b:out>sum:in": { order: 2 },
  });
});

describe("layout", () => {
  it("reads from top to bottom, on the grid", () => {
    const places = layout(chain);
    const [top, middle, bottom] = ["photo", "a", "b"].map((id) => places.get(id)?.y ?? NaN);
    expect(middle).toBeGreaterThanOrEqual((top ?? NaN) + NODE_HEIGHT);
    expect(bottom).toBeGreaterThanOrEqual((middle ?? NaN) + NODE_HEIGHT);
    for (const { x, y } of places.values()) expect([x % 8, y % 8].map(Math.abs)).toEqual([0, 0]);
  });

  it("puts branches side by side", () => {
    const fork = design([node("a"), node("b"), node("c")], [link("a", "b"), link("a", "c")]);
    const places = layout(fork);
    expect(Math.abs((places.get("b")?.x ?? 0) - (places.get("c")?.x ?? 0))).toBeGreaterThanOrEqual(
      NODE_WIDTH,
    );
  });

  const long = (count: number, more: ReturnType<typeof link>[] = []) => {
    const nodes = Array.from({ length: count }, (_, index) => node(`n${index}`));
    return design(nodes, [...nodes.slice(1).map((one, index) => link(`n${index}`, one.id)), ...more]);
  };

  it("breaks a long chain into columns, each read from top to bottom", () => {
    const places = [...layout(long(24)).values()];
    const columns = Map.groupBy(places, (place) => place.x);
    expect(columns.size).toBeGreaterThan(2);
    for (const column of columns.values()) {
      expect(column[0]?.y).toBe(0);
      expect(column.map((place) => place.y)).toEqual(
        column.map((place) => place.y).toSorted((a, b) => a - b),
      );
    }
    expect(new Set(places.map((place) => `${place.x} ${place.y}`)).size).toBe(24);
  });

  it("does not cut through a shortcut", () => {
    const around = layout(long(24, [link("n0", "n23")]));
    const heights = [...around.values()].map((place) => place.y);
    expect(new Set(heights).size).toBe(24);
  });

  it("leaves a tidy design alone", () => {
    const tidy = arrangement(chain);
    const nodes = chain.nodes.map((one) => ({ ...one, ...tidy?.edit.nodes?.[one.id] }));
    expect(arrangement({ ...chain, nodes })).toBeNull();
  });

  it("puts a block dropped on others below them", () => {
    const stack = design([node("a"), node("b", "Conv", { y: 112 })]);
    expect(clearOf(stack, { x: 8, y: 16 })).toEqual({ x: 8, y: 224 });
    expect(clearOf(stack, { x: 400, y: 16 })).toEqual({ x: 400, y: 16 });
  });

  it("finds a place that is free", () => {
    const below = freePlace(design([node("a"), node("b", "Conv", { y: 112 })]), { x: 0, y: 0 });
    expect(below).toEqual({ x: 264, y: 112 });
  });
});

describe("numbers", () => {
  it("are exact and grouped, past 2^53 too", () => {
    expect(grouped("2325568")).toBe("2,325,568");
    expect(grouped("3211264000000000001")).toBe("3,211,264,000,000,000,001");
  });

  it("have a human unit", () => {
    expect(["999", "38720", "2325568", "14608760832", "999999"].map(scaled)).toEqual([
      "999",
      "38.7 k",
      "2.33 M",
      "14.6 G",
      "1.00 M",
    ]);
    expect(["12", "154880", "12800000000000"].map(bytes)).toEqual(["12 B", "154.9 kB", "12.8 TB"]);
  });

  it("shapes are easy on the eye", () => expect(shapeText("128x128x64")).toBe("128 × 128 × 64"));
});

it("search finds a block by title, type, category and keywords, titles that begin so first", () => {
  const blocks = [schema("Pool", { keywords: "residual" }), schema("Residual"), schema("Conv")];
  expect(matching(blocks, "RESI").map((one) => one.type)).toEqual(["Residual", "Pool"]);
  expect(matching(blocks, "")).toBe(blocks);
});

it("sharing keeps what is equal and replaces what is not", () => {
  const former = {
    list: [
      { id: "1", a: [1] },
      { id: "2", a: [2] },
    ],
    x: { y: 1 },
  };
  const next = {
    list: [
      { id: "2", a: [2] },
      { id: "1", a: [9] },
    ],
    x: { y: 1 },
  };
  const shared = share(former, next);
  expect(shared).toEqual(next);
  expect(shared.list[0]).toBe(former.list[1]);
  expect(shared.x).toBe(former.x);
  expect(share(former, structuredClone(former))).toBe(former);
});

describe("an own block of another design", () => {
  const twin = { title: "Twin", nodes: [node("c")], links: [], inputs: [], outputs: [], params: [] };
  const offered = schema("own:twin", { title: "Twin", brings: { twin } });

  it("brings its definition in the same edit", () => {
    const { edit, id } = addAt(chain, offered, { x: 0, y: 500 });
    expect(edit.definitions).toEqual({ twin });
    expect(edit.nodes?.[id]).toMatchObject({ block: "own:twin", name: "twin_1" });
  });

  it("gets another id where there is another of that id", () => {
    const here = { ...chain, definitions: { twin: { ...twin, title: "Other" } } };
    const { edit, id } = addAt(here, offered, { x: 0, y: 500 });
    expect(Object.keys(edit.definitions ?? {})).toEqual(["twin_2"]);
    expect(edit.nodes?.[id]).toMatchObject({ block: "own:twin_2" });
  });

  it("brings nothing that is there already", () => {
    const { edit } = addAt({ ...chain, definitions: { twin } }, offered, { x: 0, y: 500 });
    expect(edit.definitions).toBeUndefined();
  });
});
