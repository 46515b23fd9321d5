import type { Catalog } from "./connections";
import { addAfter, connection } from "./gestures";
import type { Design, DesignNode, Gesture } from "./types";

/** A tour in six steps that builds a residual network; how far it has come is read off the design. */

export interface Step {
  readonly title: string;
  readonly text: string;
  /** What the step points at: an entry of the palette, or a block's output port. */
  readonly points: { readonly palette: string } | { readonly port: keyof Pieces };
  readonly isDone: (pieces: Pieces) => boolean;
  readonly gesture: (design: Design, catalog: Catalog, pieces: Pieces) => Gesture | null;
}

/** What there is of the network so far. */
export interface Pieces {
  readonly photo?: DesignNode | undefined;
  readonly first?: DesignNode | undefined;
  readonly second?: DesignNode | undefined;
  readonly sum?: DesignNode | undefined;
  readonly shortcut: boolean;
  readonly head?: DesignNode | undefined;
}

export function piecesOf({ nodes, links }: Design): Pieces {
  const leads = (from: DesignNode | undefined, to: DesignNode) =>
    links.some((link) => link.source === from?.id && link.target === to.id);
  const after = (from: DesignNode | undefined, block: string) =>
    nodes.find((node) => node.block === block && leads(from, node));
  const photo = nodes.find((node) => node.block === "Image");
  const first = after(photo, "Conv");
  const second = after(first, "Conv");
  const sum = after(second, "Add");
  const shortcut = sum !== undefined && leads(first, sum);
  return { photo, first, second, sum, shortcut, head: after(sum, "Classifier") };
}

/** The first step that is not done; one past the last when all are. */
export function stepOf(design: Design): number {
  const pieces = piecesOf(design);
  const next = STEPS.findIndex((step) => !step.isDone(pieces));
  return next < 0 ? STEPS.length : next;
}

const HOW = "Drag it below the last block and draw a link, or double-click (tap) it while that one is selected.";

export const STEPS: readonly Step[] = [
  {
    title: "Begin with an input",
    text: "Drag Image onto the canvas, or double-click (tap) it. Every network begins with what it looks at.",
    points: { palette: "Image" },
    isDone: ({ photo }) => photo !== undefined,
    gesture: adding("Image", () => undefined),
  },
  {
    title: "Convolve the image",
    text: `Add a Convolution after the image: filters that slide over it and find edges. ${HOW}`,
    points: { palette: "Conv" },
    isDone: ({ first }) => first !== undefined,
    gesture: adding("Conv", ({ photo }) => photo),
  },
  {
    title: "Go deeper",
    text: "Add a second Convolution after the first. It sees patterns of edges.",
    points: { palette: "Conv" },
    isDone: ({ second }) => second !== undefined,
    gesture: adding("Conv", ({ first }) => first),
  },
  {
    title: "Make a place for two ways to meet",
    text: "Put Add after the second convolution. It sums branches of one shape.",
    points: { palette: "Add" },
    isDone: ({ sum }) => sum !== undefined,
    gesture: adding("Add", ({ second }) => second),
  },
  {
    title: "Draw the shortcut",
    text: "Draw a link from this port down to the input of Add. The second convolution now learns only the difference: that is what residual means.",
    points: { port: "first" },
    isDone: ({ shortcut }) => shortcut,
    gesture: (design, _, { first, sum }) =>
      first && sum
        ? connection(design, { source: first.id, source_port: "out", target: sum.id, target_port: "in" })
        : null,
  },
  {
    title: "Tell classes apart",
    text: "Add a Classifier after the sum. It turns what was found into one probability for each class.",
    points: { palette: "Classifier" },
    isDone: ({ head }) => head !== undefined,
    gesture: adding("Classifier", ({ sum }) => sum),
  },
];

function adding(block: string, after: (pieces: Pieces) => DesignNode | undefined): Step["gesture"] {
  return (design, catalog, pieces) => {
    const schema = catalog.get(block);
    return schema ? addAfter(design, catalog, schema, after(pieces)?.id ?? null) : null;
  };
}
