import type { ParamSchema } from "./types";

/** Terms of the field that the editor uses and explains, each with a picture. */

export type TermId = "projection" | "bottleneck" | "receptive_field" | "macs" | "padding";

export interface Term {
  readonly id: TermId;
  readonly title: string;
  readonly words: readonly string[];
  /** What else people type who look for it. */
  readonly keywords: string;
}

export const TERMS: readonly Term[] = [
  {
    id: "projection",
    title: "Projection shortcut",
    words: [
      "A shortcut adds a block's input to its output, so both need one shape. Where the block changes the size or the channels, a 1×1 convolution with the same stride brings the input to that shape: it projects it.",
      "A projection has weights of its own. An identity shortcut has none and adds the input as it is (He et al. 2015, section 3.3).",
    ],
    keywords: "skip identity residual shortcut",
  },
  {
    id: "bottleneck",
    title: "Bottleneck",
    words: [
      "A 1×1 convolution takes the channels down to a quarter, a 3×3 works on those few, and another 1×1 brings them back.",
      "On 256 channels that is 69,632 weights, where two 3×3 convolutions need 1,179,648 (He et al. 2015, figure 5).",
    ],
    keywords: "residual resnet 1x1 variant",
  },
  {
    id: "receptive_field",
    title: "Receptive field",
    words: [
      "The part of the input that one value can see. A 3×3 window sees 3 places; a second one on top of it sees 5, a third 7.",
      "After a stride of 2 every further window reaches twice as far. What lies outside the receptive field cannot change the value.",
    ],
    keywords: "reach context window",
  },
  {
    id: "macs",
    title: "MACs, multiply-adds",
    words: [
      "One multiplication and the addition that follows it: the unit of work of one pass forward, for one sample. Floating-point operations are about twice as many.",
      "A convolution takes height × width of its output, times height × width of its window, times channels in, times filters.",
    ],
    keywords: "multiply accumulate flops operations cost",
  },
  {
    id: "padding",
    title: "Padding: same and valid",
    words: [
      "Same puts zeros around the input, so that at stride 1 the output is as large as the input.",
      "Valid uses only what is there: a 3×3 window takes one place off every side.",
    ],
    keywords: "zeros border same valid",
  },
];

/** The term that a parameter's choices are about. */
export function termOf({ options }: ParamSchema): TermId | null {
  const has = (option: string) => options?.includes(option) === true;
  if (has("same") && has("valid")) return "padding";
  if (has("projection")) return "projection";
  return has("bottleneck") ? "bottleneck" : null;
}
