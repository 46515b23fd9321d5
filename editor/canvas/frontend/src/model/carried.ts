import type { Budget, Carried } from "./types";

/** The version of the file that a design with weights or a budget needs; without any it is 1. */
const EXTRAS_SINCE = 2;
/** The version that knows of blocks renamed since their weights came. */
const RENAMED_SINCE = 3;

export function versionFor(weights: Carried | null, budget: Budget | null): number {
  if (weights?.renamed) return RENAMED_SINCE;
  return weights || budget ? EXTRAS_SINCE : 1;
}

/**
 * The weights with a block's name of before known, so that they stay with it. A name that is
 * another block's already stays that one's.
 */
export function following(weights: Carried, id: string, before: string, after: string): Carried {
  const { renamed = {}, ...plain } = weights;
  const { [id]: first = before, ...others } = renamed;
  const known =
    first === after || Object.values(others).includes(first) ? others : { ...others, [id]: first };
  return Object.keys(known).length ? { ...plain, renamed: known } : plain;
}
