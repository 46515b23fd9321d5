import type { Action } from "./action";

/** Keys as actions write them: `Mod` is Ctrl, on a Mac Command; letters as they are printed on the keys. */

const IS_MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** `+` joins keys and is one itself. */
function partsOf(keys: string): string[] {
  return keys.split(/\+(?=.)/);
}

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

export function matches(pressed: Pressed, keys: string): boolean {
  const parts = partsOf(keys);
  const key = parts.pop() ?? "";
  if (pressed.key.toLowerCase() !== key.toLowerCase()) return false;
  if ((pressed.ctrlKey || pressed.metaKey) !== parts.includes("Mod")) return false;
  if (pressed.altKey !== parts.includes("Alt")) return false;
  // Which signs need Shift differs between keyboards; letters and named keys are the same on all.
  const isSign = key.length === 1 && !/[a-z]/i.test(key);
  return isSign || pressed.shiftKey === parts.includes("Shift");
}

/** The action that a key press stands for. */
export function actionFor(actions: readonly Action[], pressed: Pressed): Action | undefined {
  return actions.find((action) => !action.native && action.keys?.some((keys) => matches(pressed, keys)));
}

const WORDS: Record<string, string> = {
  Mod: IS_MAC ? "⌘" : "Ctrl",
  Delete: "Del",
  Escape: "Esc",
  ContextMenu: "Menu",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
};

/** Keys as a person reads them, one word for each cap: ["Ctrl", "Shift", "Z"]. */
export function keyCaps(keys: string): readonly string[] {
  return partsOf(keys).map((part) => WORDS[part] ?? (part.length === 1 ? part.toUpperCase() : part));
}

export function keyWords(action: Action): string {
  const [first] = action.keys ?? [];
  return first === undefined ? "" : keyCaps(first).join(" ");
}
