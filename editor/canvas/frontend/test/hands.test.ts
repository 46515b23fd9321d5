import { describe, expect, it } from "vitest";
import { type Action, ACTIONS, actionFor, keyCaps } from "../src/actions";
import { find } from "../src/actions/finding";
import { refusal, welcoming } from "../src/model/connections";
import { applyEdit, linkKey } from "../src/model/edit";
import { score } from "../src/model/fuzzy";
import { layout, NODE_HEIGHT, NODE_WIDTH, type Point } from "../src/model/layout";
import { aligned, distributed, snap } from "../src/model/placing";
import { lanePath, lanes } from "../src/model/routes";
import { insertion, insertRefusal, removalHealed, replacement } from "../src/model/surgery";
import type { BlockSchema, Design } from "../src/model/types";
import { EMPTY_STATE } from "../src/state/state";
import { CATALOG, design, link, node, param, schema } from "./designs";

const wide = schema("Wide", { params: [param("filters", { label: "Filters" }), param("stride")] });
const catalog = new Map([...CATALOG, ["Wide", wide]]);
const conv = catalog.get("Conv") as BlockSchema;
const image = catalog.get("Image") as BlockSchema;
const keys = ({ links }: Design) => links.map(linkKey).sort();

/** photo -> a -> b -> sum, and the shortcut photo -> sum. */
const block = design(
  [
    node("photo", "Image"),
    node("a", "Conv", { y: 112, params: { filters: 8 } }),
    node("b", "Conv", { y: 224 }),
    node("sum", "Add", { y: 336 }),
  ],
  [link("photo", "a"), link("a", "b"), link("b", "sum", 1), link("photo", "sum", 0)],
);

describe("inserting into a link", () => {
  const added = insertion(block, conv, "a:out>b:in");
  const { document, inverse } = applyEdit(block, added.edit);

  it("takes the link's place and leaves the others", () => {
    const ends = [link("a", added.id), link(added.id, "b"), link("photo", "a"), link("b", "sum"), link("photo", "sum")];
    expect(keys(document)).toEqual(ends.map(linkKey).sort());
  });

  it("keeps the order in which a merge reads its inputs", () => {
    const into = applyEdit(block, insertion(block, conv, "b:out>sum:in").edit).document;
    const orders = into.links.filter((one) => one.target === "sum").map((one) => one.order);
    expect(orders.sort()).toEqual([0, 1]);
  });

  it("moves what follows down, so that no block covers another", () => {
    const tops = document.nodes.map((one) => one.y).sort((a, b) => a - b);
    for (const [index, y] of tops.slice(1).entries()) expect(y - (tops[index] ?? 0)).toBeGreaterThanOrEqual(NODE_HEIGHT);
  });

  it("is taken back in one step", () => {
    expect(keys(applyEdit(document, inverse).document)).toEqual(keys(block));
  });

  it("is refused to what has no input, with the reason", () => {
    expect(insertRefusal(image)).toContain("takes no input");
    expect(insertRefusal(conv)).toBeNull();
  });
});

describe("replacing a block", () => {
  it("keeps its links, its place and the parameters that both have", () => {
    const { document } = applyEdit(block, replacement(block, catalog, "a", wide)?.edit ?? {});
    expect(keys(document)).toEqual(keys(block));
    expect(document.nodes.find((one) => one.id === "a")).toMatchObject({ block: "Wide", params: { filters: 8 }, y: 112 });
  });

  it("gives up the links for which the new block has no port", () => {
    const { document } = applyEdit(block, replacement(block, catalog, "sum", conv)?.edit ?? {});
    expect(document.links.filter((one) => one.target === "sum").map((one) => one.source)).toEqual(["photo"]);
    const source = applyEdit(block, replacement(block, catalog, "a", image)?.edit ?? {}).document;
    expect(source.links.some((one) => one.target === "a")).toBe(false);
  });

  it("gives a new name to a block that was only numbered, and leaves a name somebody gave", () => {
    const named = design([node("n1", "Conv", { name: "conv_1" }), node("n2", "Conv", { name: "stem" })]);
    const after = (id: string) => applyEdit(named, replacement(named, catalog, id, wide)?.edit ?? {}).document;
    expect(after("n1").nodes.map((one) => one.name)).toEqual(["wide_1", "stem"]);
    expect(after("n2").nodes.map((one) => one.name)).toEqual(["conv_1", "stem"]);
  });
});

describe("taking blocks out", () => {
  const without = (ids: string[]) => keys(applyEdit(block, removalHealed(block, catalog, ids).edit).document);

  it("links what stood before to what follows", () => {
    expect(without(["a"])).toEqual(["b:out>sum:in", "photo:out>b:in", "photo:out>sum:in"]);
  });

  it("draws no link twice: the shortcut is there already", () => {
    expect(without(["a", "b"])).toEqual(["photo:out>sum:in"]);
  });

  it("leaves open what has several inputs", () => {
    const longer = applyEdit(block, { nodes: { end: { block: "Conv", name: "end" } }, links: { "sum:out>end:in": {} } });
    const gone = removalHealed(longer.document, catalog, ["sum"]);
    expect(applyEdit(longer.document, gone.edit).document.links.some((one) => one.target === "end")).toBe(false);
  });
});

describe("lining up", () => {
  const boxes = [
    { id: "a", x: 0, y: 0 },
    { id: "b", x: 30, y: 300 },
    { id: "c", x: 90, y: 100 },
  ];
  const xs = (places: Map<string, Point>) => [...places.values()].map((place) => place.x);

  it("brings blocks onto the outermost edge, or half way between", () => {
    expect(xs(aligned(boxes, "left"))).toEqual([0, 0, 0]);
    expect(xs(aligned(boxes, "right"))).toEqual([90, 90, 90]);
    expect(xs(aligned(boxes, "centre"))).toEqual([45, 45, 45]);
    expect([...aligned(boxes, "bottom").values()].map((place) => place.y)).toEqual([300, 300, 300]);
  });

  it("spreads blocks evenly, and never one over the other", () => {
    const ys = distributed(boxes, "y");
    expect([ys.get("a")?.y, ys.get("c")?.y, ys.get("b")?.y]).toEqual([0, 150, 300]);
    const across = [...distributed(boxes, "x").values()].map((place) => place.x).sort((a, b) => a - b);
    expect((across[1] ?? 0) - (across[0] ?? 0)).toBeGreaterThanOrEqual(NODE_WIDTH);
  });

  it("pulls a dragged block into line and shows the line", () => {
    const near = snap([{ id: "d", x: 5, y: 700 }], boxes);
    expect(near.by).toEqual({ x: -5, y: 0 });
    expect(near.guides).toEqual([{ axis: "x", at: NODE_WIDTH / 2, from: 0, to: 700 + NODE_HEIGHT }]);
    expect(snap([{ id: "d", x: 400, y: 700 }], boxes)).toEqual({ by: { x: 0, y: 0 }, guides: [] });
  });
});

describe("shortcuts", () => {
  const arranged = (drawn: Design): Design => {
    const places = layout(drawn);
    return { ...drawn, nodes: drawn.nodes.map((one) => ({ ...one, ...places.get(one.id) })) };
  };
  const hits = (path: string, drawn: Design, ends: string[]) => {
    const points = [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map((one) => ({ x: Number(one[1]), y: Number(one[2]) }));
    const steps = points.slice(1).flatMap((to, index) => {
      const from = points[index] as Point;
      return Array.from({ length: 50 }, (_, k) => ({ x: from.x + ((to.x - from.x) * k) / 50, y: from.y + ((to.y - from.y) * k) / 50 }));
    });
    const others = drawn.nodes.filter((one) => !ends.includes(one.id));
    return others.filter((one) =>
      steps.some((at) => at.x > one.x && at.x < one.x + NODE_WIDTH && at.y > one.y && at.y < one.y + NODE_HEIGHT),
    );
  };
  const unet = (depth: number): Design => {
    const ids = [...Array(depth).keys()];
    const names = ["photo", ...ids.map((k) => `down${k}`), ...ids.toReversed().map((k) => `up${k}`)];
    const chain = names.slice(1).map((id, index) => link(names[index] ?? "", id));
    return design(
      names.map((id) => node(id, id.startsWith("up") ? "Add" : "Conv")),
      [...chain, ...ids.slice(0, -1).map((k) => link(`down${k}`, `up${k}`, 1))],
    );
  };

  it("leave the main line straight", () => {
    const { nodes } = arranged(unet(4));
    expect(new Set(nodes.map((one) => one.x)).size).toBe(1);
  });

  it("run beside the blocks, each in a lane of its own", () => {
    const drawn = arranged(unet(5));
    const ways = lanes(drawn);
    expect(ways.size).toBe(4);
    expect(new Set(ways.values()).size).toBe(4);
    for (const one of drawn.links) {
      const lane = ways.get(linkKey(one));
      if (lane === undefined) continue;
      const [start, end] = [one.source, one.target].map((id) => drawn.nodes.find((other) => other.id === id) as Point);
      const from = { x: (start?.x ?? 0) + NODE_WIDTH / 2, y: (start?.y ?? 0) + NODE_HEIGHT };
      const to = { x: (end?.x ?? 0) + NODE_WIDTH / 2, y: end?.y ?? 0 };
      expect(hits(lanePath(from, to, lane), drawn, [one.source, one.target])).toEqual([]);
    }
  });

  it("a branch with a block of its own stands beside the line", () => {
    const projected = design(
      ["in", "a", "b", "p", "sum"].map((id) => node(id)),
      [link("in", "a"), link("a", "b"), link("b", "sum"), link("in", "p"), link("p", "sum", 1)],
    );
    const places = layout(projected);
    expect(new Set(["in", "a", "b", "sum"].map((id) => places.get(id)?.x)).size).toBe(1);
    expect(places.get("p")?.x).not.toBe(places.get("a")?.x);
  });

  it("in a circle do not hang the layout", () => {
    const circle = design([node("a"), node("b")], [link("a", "b"), link("b", "a")]);
    expect(layout(circle).size).toBe(2);
  });
});

it("welcomes a link exactly where it would not be refused", () => {
  const drawn = design(
    [node("photo", "Image"), node("a"), node("b"), node("sum", "Add")],
    [link("photo", "a"), link("a", "b")],
  );
  for (const from of drawn.nodes) {
    const ends = (target: string) => ({ source: from.id, source_port: "out", target, target_port: "in" });
    const free = drawn.nodes.filter((one) => refusal(drawn, catalog, ends(one.id)) === null).map((one) => one.id);
    expect(welcoming(drawn, catalog, { node: from.id, port: "out", side: "out" })).toEqual(free);
  }
});

describe("search", () => {
  it("forgives one slip of the finger", () => {
    for (const typed of ["residual", "rezidual", "resdual", "resiidual", "reisdual", "resi"]) {
      expect(score(typed, "Residual"), typed).toBeGreaterThan(0);
    }
    expect(score("banana", "Residual")).toBe(0);
  });

  it("puts the thing itself before what only speaks of it", () => {
    expect(score("conv", "Convolution")).toBeGreaterThan(score("conv", "Squeeze", "after a convolution"));
  });

  it("finds blocks, what stands on the canvas, and actions", () => {
    const state = { ...EMPTY_STATE, document: block, blocks: [...catalog.values()], catalog };
    const sections = (query: string) => find(state, { kind: "palette", purpose: "any", at: null }, query);
    expect(sections("convlution")[0]).toMatchObject({ section: "Add a block", title: "Convolution" });
    expect(sections("photo")[0]).toMatchObject({ section: "Go to", title: "photo" });
    expect(sections("fit to view")[0]).toMatchObject({ section: "Actions", title: "Fit to view" });
  });
});

describe("actions", () => {
  const pressed = (key: string, more: Partial<KeyboardEvent> = {}) =>
    ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more }) as KeyboardEvent;
  const id = (found: Action | undefined) => found?.id;

  it("have ids and keys of their own", () => {
    const ids = ACTIONS.map((one) => one.id);
    const all = ACTIONS.flatMap((one) => one.keys ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(all).size).toBe(all.length);
  });

  it("are found by their keys, with Command as with Ctrl", () => {
    expect(id(actionFor(ACTIONS, pressed("z", { ctrlKey: true })))).toBe("undo");
    expect(id(actionFor(ACTIONS, pressed("Z", { metaKey: true, shiftKey: true })))).toBe("redo");
    expect(id(actionFor(ACTIONS, pressed("?", { shiftKey: true })))).toBe("keys");
    expect(id(actionFor(ACTIONS, pressed("Delete", { shiftKey: true })))).toBe("delete-joined");
    expect(actionFor(ACTIONS, pressed("c", { ctrlKey: true }))).toBeUndefined();
  });

  it("write their keys as they stand on the keyboard", () => {
    expect(keyCaps("Mod+Shift+ArrowLeft")).toEqual(["Ctrl", "Shift", "←"]);
    expect(keyCaps("+")).toEqual(["+"]);
  });

  it("say why they cannot be done, in a sentence", () => {
    const reasons = ACTIONS.flatMap((one) => one.refusal?.(EMPTY_STATE) ?? []);
    expect(reasons.length).toBeGreaterThan(10);
    for (const reason of reasons) expect(reason).toMatch(/^[A-Z].+/);
  });
});
