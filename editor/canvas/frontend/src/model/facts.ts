import type { Edit, Gesture } from "./document";

/** What Python worked out of a design: numbers, problems, arithmetic. Counts are decimal strings. */

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
