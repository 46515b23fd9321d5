import type { Catalog } from "../model/connections";
import type { Folds } from "../model/folds";
import type { BlockSchema, Design, Notice, Overlay, Payload, TemplateEntry } from "../model/types";

export type Status = "saved" | "saving" | "offline";

/** Everything the canvas shows. Parts that did not change keep their identity. */
export interface EditorState {
  readonly designId: string;
  readonly revision: number;
  /** Python's document with the edits that still wait applied on top. */
  readonly document: Design;
  readonly overlay: Overlay;
  readonly dot: string;
  readonly undo: string | null;
  readonly redo: string | null;
  readonly blocks: readonly BlockSchema[];
  readonly catalog: Catalog;
  readonly templates: readonly TemplateEntry[];
  readonly selection: readonly string[];
  readonly selectedLinks: readonly string[];
  readonly folds: Folds;
  readonly status: Status;
  readonly notices: readonly Notice[];
}

const NO_TOTALS = {
  params: "0",
  trainable: "0",
  non_trainable: "0",
  macs: "0",
  activation_bytes: "0",
  weights_bytes: "0",
  layers: 0,
};

export const EMPTY_STATE: EditorState = {
  designId: "",
  revision: -1,
  document: { format: "blockwright", version: 1, name: "", nodes: [], links: [], definitions: {} },
  overlay: { nodes: {}, totals: NO_TOTALS, problems: [] },
  dot: "",
  undo: null,
  redo: null,
  blocks: [],
  catalog: new Map(),
  templates: [],
  selection: [],
  selectedLinks: [],
  folds: {},
  status: "saved",
  notices: [],
};

/** Whether a payload is older than what is shown: an answer overtaken by a later one. */
export function isStale(state: EditorState, payload: Payload): boolean {
  return payload.design_id === state.designId && payload.revision < state.revision;
}
