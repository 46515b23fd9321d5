import type { Point } from "../model/layout";
import type { Editor } from "../state/editor";
import type { EditorState } from "../state/state";
import type { IconName } from "../ui/icons";

/** What a person can do, declared once: toolbar, menus, keys, their list and the command palette read it. */
export interface Action {
  readonly id: string;
  readonly title: string;
  readonly group: Group;
  readonly icon?: IconName;
  /** Keys that do it, the one to show first: `Mod+Shift+Z`. */
  readonly keys?: readonly string[];
  /** The browser acts on the keys itself, as for the clipboard; they are only shown. */
  readonly native?: boolean;
  /** Where the keys work: on the canvas, anywhere but in a text field, or everywhere. */
  readonly where?: "canvas" | "editor" | "everywhere";
  /** Not listed: a key for something that has no need of words. */
  readonly silent?: boolean;
  /** Why it cannot be done now, in a sentence; null when it can. */
  readonly refusal?: (state: EditorState) => string | null;
  readonly run: (bench: Bench) => void;
}

export const GROUPS = ["Add", "Edit", "Arrange", "View", "Design"] as const;
export type Group = (typeof GROUPS)[number];

/** What actions work with. */
export interface Bench {
  readonly editor: Editor;
  readonly view: View;
}

/** The part of the canvas that only React Flow knows: where one looks. */
export interface View {
  fit(): void;
  fitTo(ids: readonly string[]): void;
  readable(): void;
  reveal(id: string): void;
  zoomBy(factor: number): void;
  /** A point of the window as a point of the drawing. */
  toDrawing(point: Point): Point;
  /** What the pointer was last over, else the middle of what is in view; in the drawing. */
  pointer(): Point;
  /** The middle of a block, else of the canvas, in pixels of the window. */
  onScreen(id: string | undefined): Point;
  /** Put the cursor into a field of the inspector. */
  focusField(name: string): void;
  /** Put the cursor into the first field of the inspector that sets a parameter. */
  focusForm(): void;
  /** Give the focus to the outline's current line. */
  focusOutline(): void;
  /** From the inspector back to its block, in the outline where that is open, else on the canvas. */
  focusBlock(id: string | undefined): void;
}

/** Do it, or say why it cannot be done. */
export function perform(action: Action, bench: Bench): void {
  const reason = action.refusal?.(bench.editor.getState()) ?? null;
  if (reason === null) action.run(bench);
  else bench.editor.say(reason);
}

/** Refusals that several actions share. */
export const needsBlocks = ({ selection }: EditorState) =>
  selection.length ? null : "Select a block first.";

export const needsBlocksOrNotes = ({ selection, selectedNotes }: EditorState) =>
  selection.length + selectedNotes.length ? null : "Select a block or a note first.";

export const needsOne = ({ selection }: EditorState) =>
  selection.length === 1 ? null : "Select one block first.";

export const needsSeveral =
  (count: number) =>
  ({ selection }: EditorState) =>
    selection.length >= count ? null : `Select ${count} or more blocks first.`;

export const needsAny = ({ selection, selectedLinks, selectedNotes }: EditorState) =>
  selection.length + selectedLinks.length + selectedNotes.length ? null : "Select something first.";

export const needsContent = ({ document }: EditorState) =>
  document.nodes.length ? null : "There is no block yet.";
