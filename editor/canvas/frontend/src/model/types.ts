/** The JSON that travels between Python and the canvas. Python owns all of it. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Params = { readonly [name: string]: Json };

export interface DesignNode {
  readonly id: string;
  readonly name: string;
  readonly block: string;
  readonly params: Params;
  readonly repeat: number;
  /** The parameters in which the first of several repeats differs. */
  readonly first: Params;
  readonly frozen: boolean;
  readonly note: string;
  readonly x: number;
  readonly y: number;
  readonly layer_names: { readonly [key: string]: string };
}

export interface Link {
  readonly source: string;
  readonly source_port: string;
  readonly target: string;
  readonly target_port: string;
  readonly order: number;
}

export interface Design {
  readonly format: string;
  readonly version: number;
  readonly name: string;
  readonly nodes: readonly DesignNode[];
  readonly links: readonly Link[];
  readonly definitions: Definitions;
  /** Not there where the design carries none. */
  readonly weights?: Carried;
  /** Not there where nothing is limited. */
  readonly budget?: Budget;
  readonly notes?: Notes;
}

/** What a design may cost at most; a limit left out is none. Bytes of training are at `batch_size`. */
export interface Budget {
  readonly params?: number;
  readonly macs?: number;
  readonly weight_bytes?: number;
  readonly training_bytes?: number;
  readonly batch_size?: number;
}

/** The weights that a design carries: the hash of their file, where they came from, layers in it. */
export interface Carried {
  readonly id: string;
  readonly source: string;
  readonly layers: number;
  /** Blocks that are called otherwise since: by id, the name that the file knows each by. */
  readonly renamed?: { readonly [id: string]: string };
}

/** A piece of a design made into a block: its inner blocks, its ports, the parameters it shows. */
export interface Definition {
  readonly title: string;
  readonly summary?: string;
  readonly nodes: readonly DesignNode[];
  readonly links: readonly Link[];
  readonly inputs: readonly InputOf[];
  readonly outputs: readonly OutputOf[];
  readonly params: readonly Exposed[];
}

/** A note on the canvas; place and size are in pixels of the drawing. */
export interface Note {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Notes = { readonly [id: string]: Note };

export type Definitions = { readonly [id: string]: Definition };

/** An input port of a definition and the inner inputs it leads to; the place is where it is drawn. */
export interface InputOf extends Partial<Place> {
  readonly name: string;
  readonly targets: readonly { readonly node: string; readonly port: string; readonly order: number }[];
}

/** An output port of a definition and the inner block whose output leaves there. */
export interface OutputOf extends Partial<Place> {
  readonly name: string;
  readonly node: string;
  readonly port?: string;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** A parameter of a definition and the inner parameters that it sets. */
export interface Exposed {
  readonly name: string;
  readonly targets: readonly { readonly node: string; readonly param: string }[];
  readonly default?: Json;
  readonly min?: number;
  readonly max?: number;
  readonly help?: string;
  readonly label?: string;
}

/** Fields of a node to set; with `block` it is a whole node. A parameter set to null takes its default. */
export type NodePatch = Partial<Omit<DesignNode, "id">>;

/** One gesture. Definitions are set whole, null removes them. Keys of `links` are `source:source_port>target:target_port`; null removes. */
export interface Edit {
  readonly name?: string;
  readonly definitions?: { readonly [id: string]: Definition | null };
  readonly nodes?: { readonly [id: string]: NodePatch | null };
  readonly links?: { readonly [key: string]: { readonly order?: number } | null };
  /** Null: the design carries no weights any more. */
  readonly weights?: Carried | null;
  /** Set whole; null: nothing is limited any more. */
  readonly budget?: Budget | null;
  /** A note with text that is not there yet is added; null removes. */
  readonly notes?: { readonly [id: string]: Partial<Note> | null };
}

/** An edit with the words its undo button shows. */
export interface Gesture {
  readonly label: string;
  readonly edit: Edit;
}

export type ParamKind = "integer" | "number" | "choice" | "flag" | "text";

export interface ParamSchema {
  readonly name: string;
  readonly kind: ParamKind;
  readonly default: Json;
  readonly label: string;
  readonly help: string;
  readonly min?: number | null;
  readonly max?: number | null;
  readonly step?: number | null;
  readonly unit?: string | null;
  readonly options?: readonly string[] | null;
  readonly optional?: boolean;
  readonly headline?: boolean;
  readonly when?: { readonly [param: string]: readonly Json[] } | null;
}

export interface InputPort {
  readonly name: string;
  readonly many: boolean;
}

/** Values of a block's parameters that people know under a name of their own. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly citation: string;
  readonly values: Params;
}

export interface BlockSchema {
  readonly type: string;
  readonly title: string;
  readonly category: string;
  readonly summary: string;
  readonly citation: string;
  readonly keywords: string;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly { readonly name: string }[];
  readonly params: readonly ParamSchema[];
  /** What there is to know beyond the summary, in paragraphs. */
  readonly details?: string;
  readonly presets?: readonly Preset[];
  /** In the palette: the preset that this entry stands for. */
  readonly preset?: Preset;
  /** Definitions that go into the design with it: those of an own block of another design. */
  readonly brings?: Definitions;
}

/** What Python worked out for one node; counts are decimal strings because they pass 2^53. */
export interface NodeFacts {
  readonly shape: string;
  readonly params: string;
  readonly macs: string;
  /** What its layers' outputs take for one sample. */
  readonly bytes?: string;
  readonly layers: number;
  readonly problems: number;
  /** The repetitions of a block that is repeated, one by one. */
  readonly turns?: readonly Turn[];
}

/** One repetition of a block; the name is what its layers' names start with. */
export interface Turn {
  readonly name: string;
  readonly shape: string;
  readonly params: string;
  readonly macs: string;
}

export interface Totals {
  readonly params: string;
  readonly trainable: string;
  readonly non_trainable: string;
  readonly macs: string;
  readonly activation_bytes: string;
  readonly weights_bytes: string;
  readonly layers: number;
}

export interface Problem {
  readonly node: string;
  readonly name: string;
  readonly message: string;
  readonly severity: "error" | "warning";
  /** The one that changes least first; null while they are not worked out. */
  readonly repairs: readonly Repair[] | null;
}

/** An edit that mends a problem; changes are signed decimal strings, "" where not known. */
export interface Repair extends Gesture {
  readonly params: string;
  readonly macs: string;
  /** How many problems behind it come to light. */
  readonly uncovers: number;
}

/** One line of arithmetic: `7 x 7 x 3 x 64 kernel + 64 bias`, and what it comes to. */
export interface ArithmeticStep {
  readonly of: string;
  readonly text: string;
  readonly value: string;
}

export interface ArithmeticLines {
  readonly steps: readonly ArithmeticStep[];
  readonly left_out: number;
  readonly total: string;
}

export type ExplainedNumber = "shape" | "params" | "macs" | "memory";

/** How the numbers of the selected block come about. */
export type Explained = { readonly node: string } & {
  readonly [what in ExplainedNumber]: ArithmeticLines;
};

export type Limit = "params" | "macs" | "weight_bytes" | "training_bytes";

/** What the design uses of one limit of its budget. */
export interface Use {
  readonly name: Limit;
  readonly used: string;
  readonly limit: number;
}

/** The width multiplier that keeps the budget, to be looked at before it is applied. */
export type FitPreview =
  | { readonly refusal: string }
  | { readonly width: string; readonly edit: Edit; readonly params: string; readonly macs: string };

export interface Overlay {
  readonly nodes: { readonly [id: string]: NodeFacts };
  readonly totals: Totals;
  readonly problems: readonly Problem[];
  readonly budget?: readonly Use[];
  readonly explained?: Explained | null;
}

export interface TemplateEntry {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly family: string;
  /** A small drawing as SVG. */
  readonly picture: string;
  readonly params: string;
  readonly macs: string;
  readonly ends: readonly TemplateEnd[];
}

/** A size of a template's input, or its classes, which may be others when it is opened. */
export interface TemplateEnd {
  readonly name: string;
  readonly value: number;
  readonly min: number | null;
  readonly max: number | null;
}

export interface Notice {
  readonly id: string;
  readonly message: string;
}

/** What Python worked out for the definition that is open: the numbers of its first instance. */
export interface InsideFacts {
  readonly path: readonly string[];
  readonly overlay: Overlay | null;
  readonly dot: string;
}

export interface Payload {
  readonly design_id: string;
  readonly revision: number;
  readonly acknowledged: { readonly [client: string]: number };
  readonly document: Design;
  readonly overlay: Overlay;
  readonly dot: string;
  /** Palette entries of the design's own blocks. */
  readonly own?: readonly BlockSchema[];
  /** Palette entries of the own blocks in this person's other designs. */
  readonly elsewhere?: readonly BlockSchema[];
  readonly inside?: InsideFacts | null;
  readonly fit?: FitPreview | null;
  /** A block that was chosen below the canvas; each choice has a number of its own. */
  readonly pointed?: { readonly id: number; readonly design: string; readonly node: string } | null;
  readonly history: { readonly undo: string | null; readonly redo: string | null };
  readonly notices: readonly Notice[];
  /** How many browser tabs have this design open, this one included. */
  readonly tabs?: number;
  /** Whether the design came in a link and is not in the library yet. */
  readonly guest?: boolean;
  readonly catalog: readonly BlockSchema[] | null;
  readonly templates: readonly TemplateEntry[] | null;
  /** The insides of block types as SVG, those of presets under `Type.preset`; once they were asked for. */
  readonly insides?: Insides | null;
}

export type Insides = { readonly [block: string]: string };
