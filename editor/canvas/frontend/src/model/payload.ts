import type { BlockSchema, Insides, TemplateEntry } from "./offers";
import type { Design } from "./document";
import type { FitPreview, Overlay } from "./facts";

/** What Python sends the canvas in one piece. */

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
