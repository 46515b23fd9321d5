import type { Action } from "./action";
import { ARRANGING } from "./arranging";
import { EDITING } from "./editing";
import { PACKING } from "./packing";
import { REPEATING } from "./repeating";
import { VIEWING } from "./viewing";

export type { Action, Bench, View } from "./action";
export { GROUPS, perform } from "./action";
export { actionFor, keyCaps, keyWords } from "./keys";

/** Everything a person can do. */
export const ACTIONS: readonly Action[] = [...VIEWING, ...EDITING, ...PACKING, ...REPEATING, ...ARRANGING];

const BY_ID = new Map(ACTIONS.map((action) => [action.id, action]));

/** The action of an id that the code itself names. */
export function action(id: string): Action {
  const found = BY_ID.get(id);
  if (!found) throw new Error(`There is no action ${id}.`);
  return found;
}
