import type { Catalog } from "../model/connections";
import type { Folds } from "../model/folds";
import type { TermId } from "../model/glossary";
import type { Point } from "../model/layout";
import type {
  BlockSchema,
  Design,
  ExplainedNumber,
  FitPreview,
  Insides,
  Notice,
  Overlay,
  Payload,
  TemplateEntry,
} from "../model/types";

export type Status = "saved" | "saving" | "offline";

/** What stands above the canvas for a moment; `at` is in pixels of the window. */
export type Surface =
  | { readonly kind: "keys" }
  | { readonly kind: "term"; readonly id: TermId }
  | { readonly kind: "menu"; readonly about: "nodes" | "link" | "note" | "canvas"; readonly at: Point }
  | { readonly kind: "palette"; readonly purpose: Purpose; readonly at: Point | null };

/** What the command palette is asked for: anything, a block, or the other end of a link. */
export type Purpose = "any" | "add" | "replace" | "insert" | "link-to" | "link-from";

/** What stands at the canvas's left and right. */
export type Panel = "palette" | "inspector";

/** What the dock below the canvas shows. */
export type DockTab = "diagram" | "bars" | "outline" | "problems";

/** What the pointer's work would touch if it ended here. */
export type Hover =
  | { readonly kind: "link"; readonly key: string }
  | { readonly kind: "node"; readonly id: string }
  | { readonly kind: "welcome"; readonly from: string; readonly ids: readonly string[] };

/** Everything the canvas shows. Parts that did not change keep their identity. */
export interface EditorState {
  readonly designId: string;
  readonly revision: number;
  /** Python's document with the edits that still wait applied on top. */
  readonly whole: Design;
  /** What is drawn: the whole design, or the inside of the definition that is open. */
  readonly document: Design;
  /** The definitions that are open, the innermost last; none for the design itself. */
  readonly inside: readonly string[];
  readonly overlay: Overlay;
  readonly dot: string;
  /** The width that keeps the budget, once it was asked for. */
  readonly fit: FitPreview | null;
  /** A block chosen below the canvas. */
  readonly pointed: Payload["pointed"];
  readonly undo: string | null;
  readonly redo: string | null;
  /** The palette, as it is where the person works now. */
  readonly blocks: readonly BlockSchema[];
  readonly catalog: Catalog;
  readonly templates: readonly TemplateEntry[];
  /** What blocks look like inside, once somebody wanted to see it. */
  readonly insides: Insides | null;
  readonly selection: readonly string[];
  readonly selectedLinks: readonly string[];
  readonly selectedNotes: readonly string[];
  readonly folds: Folds;
  /** Whether the person is being asked about the block to be made of the selection. */
  readonly packing: boolean;
  /** The number of a block whose arithmetic is shown. */
  readonly explaining: { readonly node: string; readonly what: ExplainedNumber } | null;
  readonly surface: Surface | null;
  /** Which side panels show where the page is too narrow for both beside the canvas. */
  readonly drawers: { readonly [panel in Panel]: boolean };
  /** The dock's tab, and how often one was asked for by an action: then the dock opens. */
  readonly dock: { readonly tab: DockTab; readonly asked: number };
  readonly hover: Hover | null;
  readonly status: Status;
  readonly notices: readonly Notice[];
  /** Whether the tour through a first network goes on. */
  readonly tour: boolean;
  /** How many browser tabs have the design open. */
  readonly tabs: number;
  /** Whether the design came in a link and is stored nowhere yet. */
  readonly guest: boolean;
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

const EMPTY_DESIGN: Design = {
  format: "blockwright",
  version: 1,
  name: "",
  nodes: [],
  links: [],
  definitions: {},
};

export const EMPTY_STATE: EditorState = {
  designId: "",
  revision: -1,
  whole: EMPTY_DESIGN,
  document: EMPTY_DESIGN,
  inside: [],
  overlay: { nodes: {}, totals: NO_TOTALS, problems: [] },
  dot: "",
  fit: null,
  pointed: null,
  undo: null,
  redo: null,
  blocks: [],
  catalog: new Map(),
  templates: [],
  insides: null,
  selection: [],
  selectedLinks: [],
  selectedNotes: [],
  folds: {},
  packing: false,
  explaining: null,
  surface: null,
  drawers: { palette: true, inspector: false },
  dock: { tab: "diagram", asked: 0 },
  hover: null,
  status: "saved",
  notices: [],
  tour: false,
  tabs: 1,
  guest: false,
};

/** Whether a payload is older than what is shown: an answer overtaken by a later one. */
export function isStale(state: EditorState, payload: Payload): boolean {
  return payload.design_id === state.designId && payload.revision < state.revision;
}

/**
 * Whether a restarted server gave a link's design another id than the one it is shown and perhaps
 * edited with here: it takes over this one when it hears of it.
 */
export function isForgotten(state: EditorState, payload: Payload): boolean {
  return state.guest && payload.guest === true && payload.design_id !== state.designId;
}
