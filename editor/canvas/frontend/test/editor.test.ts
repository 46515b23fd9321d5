import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Editor } from "../src/state/editor";
import type { Outgoing } from "../src/sync/outbox";
import { design, link, MemoryStorage, node, payload } from "./designs";

let said: { name: string; value: unknown }[];
let editor: Editor;

const before = design([node("a", "Image"), node("b")], [link("a", "b")]);
const widen = (filters: number) => ({
  label: "Change filters",
  edit: { nodes: { b: { params: { filters } } } },
});
const outgoing = () => said.filter((one) => one.name === "outbox").map((one) => one.value as Outgoing);
const filters = () => editor.getState().document.nodes.find((one) => one.id === "b")?.params.filters;

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  editor = new Editor({ client: "me", storage: new MemoryStorage() });
  const say = (name: string, value: unknown) => void said.push({ name, value });
  editor.connect({ setStateValue: say, setTriggerValue: say });
  editor.receive(payload(before));
});
afterEach(() => void vi.useRealTimers());

describe("the document on the canvas", () => {
  it("shows an edit before Python has answered, and is saved when it has", () => {
    editor.apply(widen(32));
    expect(filters()).toBe(32);
    expect(editor.getState().status).toBe("saving");
    const after = design([node("a", "Image"), node("b", "Conv", { params: { filters: 32 } })]);
    editor.receive(payload(after, { revision: 2, acknowledged: { me: 1 } }));
    expect(editor.getState()).toMatchObject({ status: "saved", revision: 2 });
  });

  it("keeps waiting edits on top of an answer that does not hold them yet", () => {
    editor.apply(widen(32));
    const others = design([...before.nodes, node("c")], [...before.links]);
    editor.receive(payload(others, { revision: 2 }));
    expect(editor.getState().document.nodes.map((one) => one.id)).toEqual(["a", "b", "c"]);
    expect(filters()).toBe(32);
  });

  it("leaves out a waiting edit whose block is gone", () => {
    editor.apply(widen(32));
    editor.receive(payload(design([node("a", "Image")]), { revision: 2 }));
    expect(editor.getState().document.nodes).toHaveLength(1);
  });

  it("ignores an answer that a later one has overtaken", () => {
    editor.receive(payload(design([]), { revision: 5 }));
    editor.receive(payload(before, { revision: 4 }));
    expect(editor.getState()).toMatchObject({ revision: 5, document: { nodes: [] } });
  });

  it("takes another design at any revision, and drops the selection", () => {
    editor.receive(payload(before, { revision: 9 }));
    editor.select(["b"]);
    editor.receive(payload(design([node("z")]), { design_id: "d2", revision: 1 }));
    expect(editor.getState()).toMatchObject({ designId: "d2", revision: 1, selection: [] });
  });

  it("keeps the identity of nodes that an answer did not change", () => {
    const [image] = editor.getState().document.nodes;
    editor.receive(payload(structuredClone(before), { revision: 2 }));
    expect(editor.getState().document.nodes[0]).toBe(image);
  });
});

it("says which blocks are folded in the diagram, of this design only", () => {
  editor.fold("a", false);
  editor.fold("b", true);
  expect(said.at(-1)).toEqual({
    name: "folds",
    value: { design_id: "d1", folded: ["a"], unfolded: ["b"] },
  });
  editor.receive(payload(before, { design_id: "d2" }));
  expect(editor.getState().folds).toEqual({});
});

describe("typing", () => {
  const steps = () => outgoing().at(-1)?.edits.map((one) => one.continues ?? false);

  it("is shown and sent letter by letter, and is one step of undo", () => {
    editor.type("b.filters", widen(1));
    editor.type("b.filters", widen(12));
    editor.type("b.filters", widen(128));
    expect(filters()).toBe(128);
    expect(editor.getState().status).toBe("saving");
    expect(outgoing().at(-1)?.edits.at(-1)).toMatchObject({ number: 3, edit: widen(128).edit });
    expect(steps()).toEqual([false, true, true]);
  });

  it("is another step after a pause, in another field, and after another gesture", () => {
    editor.type("b.filters", widen(1));
    vi.advanceTimersByTime(1_000);
    editor.type("b.filters", widen(12));
    editor.type("b.stride", widen(2));
    editor.apply({ label: "Rename design", edit: { name: "small" } });
    editor.type("b.stride", widen(3));
    expect(steps()).toEqual([false, false, false, false, false]);
  });

  it("is sent before anything that follows it", () => {
    editor.type("b.filters", widen(64));
    editor.apply({ label: "Rename design", edit: { name: "small" } });
    expect(
      outgoing()
        .at(-1)
        ?.edits.map((one) => one.label),
    ).toEqual(["Change filters", "Rename design"]);
  });

  it("is sent before the page is left for training", () => {
    editor.type("b.filters", widen(64));
    editor.act({ kind: "train" });
    expect(said.map((one) => one.name)).toEqual(["outbox", "action"]);
  });
});

describe("undo", () => {
  it("is left to Python and not guessed at", () => {
    editor.receive(payload(before, { history: { undo: "Add b", redo: null } }));
    editor.travel("undo");
    expect(outgoing().at(-1)?.edits).toEqual([{ client: "me", number: 1, kind: "undo" }]);
    expect(editor.getState().document.nodes).toHaveLength(2);
  });

  it("names a waiting edit until Python has answered", () => {
    editor.apply(widen(32));
    expect(editor.getState().undo).toBe("Change filters");
  });

  it("does nothing when there is nothing to undo", () => {
    editor.travel("undo");
    expect(outgoing()).toEqual([]);
  });
});

it("tells the selection once it has settled", () => {
  editor.select(["a"]);
  editor.select(["a", "b"]);
  expect(said).toEqual([]);
  vi.advanceTimersByTime(250);
  expect(said).toEqual([{ name: "selection", value: ["a", "b"] }]);
});

it("takes a removed block out of the selection", () => {
  editor.select(["a", "b"], ["a:out>b:in"]);
  editor.apply({ label: "Remove b", edit: { nodes: { b: null } } });
  expect(editor.getState()).toMatchObject({ selection: ["a"], selectedLinks: [] });
});

it("shows each notice once", () => {
  const notices = [{ id: "1", message: "stem was renamed to stem_2." }];
  editor.receive(payload(before, { notices }));
  editor.dismiss("1");
  editor.receive(payload(before, { notices, revision: 2 }));
  expect(editor.getState().notices).toEqual([]);
});

it("says offline while the connection is down", () => {
  editor.setConnected(false);
  expect(editor.getState().status).toBe("offline");
  editor.apply(widen(8));
  expect(filters()).toBe(8);
  editor.setConnected(true);
  expect(editor.getState().status).toBe("saving");
  expect(outgoing()).toHaveLength(1);
});

describe("a design from a link", () => {
  it("keeps its id when a restarted server gives it another", () => {
    editor.receive(payload(before, { design_id: "x", guest: true, revision: 0 }));
    editor.apply(widen(32));
    editor.receive(payload(before, { design_id: "y", guest: true, revision: 0 }));
    expect(editor.getState().designId).toBe("x");
    expect(filters()).toBe(32);
    expect(outgoing().at(-1)).toMatchObject({ design_id: "x", edits: [{ number: 1 }] });
  });

  it("makes room for another design that is opened", () => {
    editor.receive(payload(before, { design_id: "x", guest: true, revision: 0 }));
    editor.receive(payload(before, { design_id: "d2", revision: 3 }));
    expect(editor.getState()).toMatchObject({ designId: "d2", guest: false });
  });
});
