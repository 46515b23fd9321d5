import { describe, expect, it } from "vitest";
import fixture from "../../../../tests/golden/edits.json";
import { applyEdit, EditError } from "../src/model/edit";
import type { Design, Edit } from "../src/model/types";

interface Case {
  title: string;
  before: Design;
  edit: Edit;
  after?: Design;
  inverse?: Edit;
  error?: string;
}

const cases = fixture as unknown as Case[];
const byId = (design: Design) => ({
  ...design,
  nodes: design.nodes.toSorted((a, b) => a.id.localeCompare(b.id)),
  links: design.links.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
});

describe("an edit of the shared fixture", () => {
  it.each(cases.filter((one) => one.after))("$title", ({ before, edit, after, inverse }) => {
    const untouched = structuredClone(before);
    const applied = applyEdit(before, edit);
    expect(applied.document).toEqual(after);
    expect(applied.inverse).toEqual(inverse);
    expect(before).toEqual(untouched);
  });

  it.each(cases.filter((one) => one.after))("is taken back: $title", ({ before, edit }) => {
    const there = applyEdit(before, edit);
    const back = applyEdit(there.document, there.inverse);
    expect(byId(back.document)).toEqual(byId(before));
  });

  it.each(cases.filter((one) => one.error))("is refused: $title", ({ before, edit, error }) => {
    expect(() => applyEdit(before, edit)).toThrow(EditError);
    expect(() => applyEdit(before, edit)).toThrow(error);
  });
});

it("keeps the objects of nodes that an edit does not touch", () => {
  const { before } = cases[1] as Case;
  const after = applyEdit(before, { nodes: { n2: { x: 8 } } }).document;
  expect(after.nodes[0]).toBe(before.nodes[0]);
  expect(after.nodes[1]).not.toBe(before.nodes[1]);
});
