import { describe, expect, it } from "vitest";
import {
  closed,
  heldBy,
  mayStandIn,
  opened,
  pathTo,
  usesOf,
  within,
} from "../src/model/definitions";
import { applyEdit } from "../src/model/edit";
import { driverOf, hiddenParams, withoutParam, withParam } from "../src/model/exposure";
import { addAt, connection } from "../src/model/gestures";
import type { Definition, Design, DesignNode, Edit } from "../src/model/types";
import { CATALOG, design, link, node, param, schema } from "./designs";

const twin: Definition = {
  title: "Twin conv",
  nodes: [node("one"), node("two", "Conv", { y: 120 })],
  links: [link("one", "two")],
  inputs: [{ name: "in", targets: [{ node: "one", port: "in", order: 0 }] }],
  outputs: [{ name: "out", node: "two" }],
  params: [{ name: "filters", targets: [{ node: "one", param: "filters" }] }],
};
const NOTHING: { edit: Edit } = { edit: {} };
const tail: Definition = {
  ...twin,
  title: "Tail",
  nodes: [node("inner", "own:twin", { params: { filters: 4 } })],
  links: [],
  inputs: [{ name: "in", targets: [{ node: "inner", port: "in", order: 0 }] }],
  outputs: [{ name: "out", node: "inner" }],
  params: [],
};
const whole: Design = {
  ...design([node("a", "own:twin", { params: { filters: 8 } }), node("b", "own:tail")]),
  definitions: { twin, tail },
};

describe("the inside of a definition", () => {
  const inner = opened(whole, "twin");

  it("is a design of its blocks and its ports", () => {
    expect(inner.name).toBe("Twin conv");
    expect(inner.nodes.map((one) => one.id)).toEqual(["one", "two", "port_in_in", "port_out_out"]);
    expect(inner.links).toEqual([link("one", "two"), link("port_in_in", "one"), link("two", "port_out_out")]);
  });

  it("has its ports above and below its blocks", () => {
    const [first, , input, output] = inner.nodes;
    expect(input?.y).toBeLessThan(first?.y ?? 0);
    expect(output?.y).toBeGreaterThan(120);
  });

  it("closes to what it was", () => {
    expect(closed(twin, inner)).toMatchObject({ title: "Twin conv", nodes: twin.nodes, links: twin.links });
    expect(opened({ ...whole, definitions: { twin: closed(twin, inner) } }, "twin").links).toEqual(inner.links);
  });

  it("keeps an output port that nothing leads to", () => {
    const cut = within(whole, "twin", { links: { "two:out>port_out_out:in": null } });
    expect(cut.definitions?.twin?.outputs).toMatchObject([{ name: "out", node: "" }]);
    const open = opened(applyEdit(whole, cut).document, "twin");
    const again = within(
      applyEdit(whole, cut).document,
      "twin",
      connection(open, { source: "two", source_port: "out", target: "port_out_out", target_port: "in" }).edit,
    );
    expect(again.definitions?.twin?.outputs).toMatchObject([{ name: "out", node: "two" }]);
  });

  it("takes new ports, whose ids follow from their names", () => {
    const added = addAt(inner, schema("port:in", { title: "Input port" }), { x: 400, y: 0 });
    expect(added.id).toBe("port_in_in_1");
    const edit = within(whole, "twin", added.edit);
    expect(edit.definitions?.twin?.inputs.map((port) => port.name)).toEqual(["in", "in_1"]);
    expect(opened(applyEdit(whole, edit).document, "twin").nodes.at(3)?.id).toBe("port_in_in_1");
  });
});

describe("an edit inside a definition", () => {
  it("is an edit of the design that sets the definition", () => {
    const edit = within(whole, "twin", { nodes: { two: { params: { filters: 16 } } } });
    const after = applyEdit(whole, edit).document;
    expect(after.definitions.twin?.nodes[1]?.params).toEqual({ filters: 16 });
    expect(after.nodes).toEqual(whole.nodes);
    expect(after.definitions.tail).toBe(tail);
  });

  it("takes a parameter along whose last block goes, from every instance", () => {
    const after = applyEdit(whole, within(whole, "twin", { nodes: { one: null } })).document;
    expect(after.definitions.twin?.params).toEqual([]);
    expect(after.nodes[0]?.params).toEqual({});
    expect(after.definitions.tail?.nodes[0]?.params).toEqual({});
  });

  it("that takes a parameter off the block forgets its values", () => {
    const { edit, label } = withoutParam(whole, "twin", "filters") ?? { edit: {}, label: "" };
    expect(label).toBe("Remove filters of Twin conv");
    const { document, inverse } = applyEdit(whole, edit);
    expect([document.nodes[0]?.params, document.definitions.twin?.params]).toEqual([{}, []]);
    expect(applyEdit(document, inverse).document).toEqual(whole);
  });
});

describe("a parameter that the block is to show", () => {
  const two = twin.nodes[1] as DesignNode;

  it("has its value inside as its default", () => {
    const { edit } = withParam(whole, "twin", { ...two, params: { stride: 2 } }, param("stride")) ?? NOTHING;
    expect(edit.definitions?.twin?.params.at(-1)).toEqual({
      name: "stride",
      targets: [{ node: "two", param: "stride" }],
      default: 2,
    });
  });

  it("is called by its block too where its name is taken", () => {
    const { edit } = withParam(whole, "twin", two, param("filters", { label: "Filters" })) ?? NOTHING;
    expect(edit.definitions?.twin?.params.at(-1)).toMatchObject({
      name: "two_filters",
      label: "Filters of two",
    });
  });

  it("is one that is not shown yet", () => {
    const names = hiddenParams(twin, CATALOG).map(({ params }) => params.map((one) => one.name));
    expect(names).toEqual([[], ["filters"]]);
  });
});

describe("definitions that hold others", () => {
  it("are found through all levels", () => {
    expect([...heldBy(whole.definitions, [node("x", "own:tail")])]).toEqual(["tail", "twin"]);
    expect(usesOf(whole, "twin")).toBe(2);
  });

  it("may not be drawn inside themselves", () => {
    expect(mayStandIn(whole.definitions, "own:twin", "tail")).toBe(true);
    expect(mayStandIn(whole.definitions, "own:tail", "twin")).toBe(false);
    expect(mayStandIn(whole.definitions, "own:twin", "twin")).toBe(false);
    expect(mayStandIn(whole.definitions, "Conv", "twin")).toBe(true);
  });

  it("are opened by the way that leads to an instance", () => {
    expect(pathTo(whole, "twin")).toEqual(["twin"]);
    expect(pathTo({ ...whole, nodes: [node("b", "own:tail")] }, "twin")).toEqual(["tail", "twin"]);
    expect(pathTo({ ...whole, nodes: [] }, "tail")).toEqual(["tail"]);
  });
});

it("tells which parameter sets an inner one", () => {
  expect(driverOf(twin, "one", "filters")).toBe("filters");
  expect(driverOf(twin, "two", "filters")).toBeNull();
});
