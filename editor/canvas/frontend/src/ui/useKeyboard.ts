import { type KeyboardEvent, type RefObject, useCallback, useEffect } from "react";
import { type Action, ACTIONS, actionFor, type Bench, perform } from "../actions";
import { useBench } from "./useBench";

const FIELDS = "input, textarea, select";
const TEXT_FIELDS = 'input:not([type="checkbox"]), textarea';

/** The editor's keys, as the actions name them. In a text field they belong to the field. */
export function useKeyboard(pane: RefObject<HTMLElement | null>) {
  const bench = useBench();
  useKeysFromNowhere(bench);
  return useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      // Streamlit reruns on "r" and clears caches on "c", wherever on the page they are typed.
      const command = event.ctrlKey || event.metaKey;
      if (event.key.length === 1 && event.key !== " " && !command) event.stopPropagation();
      const action = actionFor(ACTIONS, event);
      if (!action || event.defaultPrevented || !isMeant(action, event, pane.current)) return;
      perform(action, bench);
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Delete" || event.key === "Backspace") pane.current?.focus({ preventScroll: true });
    },
    [bench, pane],
  );
}

function isMeant(action: Action, event: KeyboardEvent, pane: HTMLElement | null): boolean {
  const command = event.ctrlKey || event.metaKey;
  const target = event.target as HTMLElement;
  if (action.where === "everywhere" && command) return true;
  if (target.matches(command ? TEXT_FIELDS : FIELDS)) return false;
  return action.where !== "canvas" || !!pane?.contains(target);
}

/** The command palette opens also when nothing on the page has the focus. */
function useKeysFromNowhere(bench: Bench): void {
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.target !== document.body) return;
      const found = actionFor(ACTIONS, event);
      if (found?.where !== "everywhere" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      perform(found, bench);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [bench]);
}
