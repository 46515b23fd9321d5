import type { Definitions, Json, Params } from "./document";

/** What there is to draw with: block types with their parameters, and templates. */

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

export type Insides = { readonly [block: string]: string };
