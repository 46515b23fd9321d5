import { applyEdit, EditError, linkKey } from "../model/edit";
import type { Design, Edit, Payload } from "../model/types";
import type { EditorState } from "./state";

/** What the editor shows, worked out from what it holds. */

/** Python answers an edit that no longer fits with a notice; until then it is left out. */
export function applied(document: Design, edit: Edit): Design {
  try {
    return applyEdit(document, edit).document;
  } catch (error) {
    if (error instanceof EditError) return document;
    throw error;
  }
}

/** What Python worked out, last. */
export type Answer = Required<Pick<Payload, "overlay" | "dot" | "inside">>;

/** The numbers and the drawing of what is open; the totals are always those of the whole design. */
export function shownNumbers({ overlay, dot, inside }: Answer, path: readonly string[]) {
  if (path.length === 0) return { overlay, dot };
  const facts = inside?.path.join("/") === path.join("/") ? inside : null;
  const nodes = facts?.overlay?.nodes ?? NO_FACTS;
  // Loose ends are an output port's business here, so warnings about them are left out.
  const problems = facts?.overlay?.problems.filter((one) => one.severity === "error") ?? [];
  return { overlay: { ...overlay, nodes, problems }, dot: facts?.dot ?? "" };
}

const NO_FACTS = {};

/** A way into definitions as far as they are there: an undo may have taken one away. */
export function present(design: Design, path: readonly string[]): readonly string[] {
  const gone = path.findIndex((id) => !Object.hasOwn(design.definitions, id));
  return gone < 0 ? path : path.slice(0, gone);
}

/** The selection without what has left the document. */
export function kept(
  document: Design,
  nodes: readonly string[],
  links: readonly string[],
  notes: readonly string[],
): Pick<EditorState, "selection" | "selectedLinks" | "selectedNotes"> {
  const ids = new Set(document.nodes.map((node) => node.id));
  const keys = new Set(links.length ? document.links.map(linkKey) : []);
  return {
    selection: nodes.every((id) => ids.has(id)) ? nodes : nodes.filter((id) => ids.has(id)),
    selectedNotes: notes.filter((id) => Object.hasOwn(document.notes ?? {}, id)),
    selectedLinks: links.every((key) => keys.has(key)) ? links : links.filter((key) => keys.has(key)),
  };
}
