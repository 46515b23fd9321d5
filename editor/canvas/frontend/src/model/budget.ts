import type { Budget, Gesture, Limit, Use } from "./types";

export interface BudgetLimit {
  readonly name: Limit;
  readonly label: string;
  readonly isBytes: boolean;
}

/** What can be limited, in the order in which it is asked for. */
export const LIMITS: readonly BudgetLimit[] = [
  { name: "params", label: "Parameters", isBytes: false },
  { name: "macs", label: "MACs", isBytes: false },
  { name: "weight_bytes", label: "Weights", isBytes: true },
  { name: "training_bytes", label: "Training", isBytes: true },
];

const NEAR = 90;

/** Percent of a limit that is used. */
export function shareOf({ used, limit }: Use): number {
  return Number((BigInt(used) * 1000n) / BigInt(limit)) / 10;
}

export function stateOf(use: Use): "within" | "near" | "over" {
  if (BigInt(use.used) > BigInt(use.limit)) return "over";
  return shareOf(use) >= NEAR ? "near" : "within";
}

/** Set one limit of a budget, or take it away; without any limit there is no budget. */
export function withLimit(
  budget: Budget | undefined,
  { name, label }: BudgetLimit,
  value: number | undefined,
): Gesture {
  const { [name]: _, ...rest } = budget ?? {};
  const next: Budget = value === undefined ? rest : { ...rest, [name]: value };
  const limits = LIMITS.filter((limit) => next[limit.name] !== undefined);
  const words = value === undefined ? "Remove the limit of" : "Limit";
  return {
    label: `${words} ${label.toLowerCase()}`,
    edit: { budget: limits.length ? next : null },
  };
}

/** One sentence about a whole budget, and the use that is nearest to its limit. */
export function verdict(uses: readonly Use[]) {
  const [worst] = uses.toSorted((a, b) => shareOf(b) - shareOf(a));
  if (!worst) return null;
  const label = LIMITS.find(({ name }) => name === worst.name)?.label ?? worst.name;
  const state = stateOf(worst);
  const words = { within: "Within budget", near: "Nearly full", over: "Over budget" }[state];
  return { state, words: `${words}: ${label.toLowerCase()} ${Math.round(shareOf(worst))} %` };
}
