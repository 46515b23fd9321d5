/** The document: a design, its parts, and the edits that change it. Python owns all of it. */

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
