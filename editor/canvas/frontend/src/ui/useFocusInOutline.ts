import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from "react";
import { useEditorState } from "../state/useEditor";

/**
 * Keeps the focus on the current line while it is in the outline at all: also when the line it was
 * on has gone, and when a menu or the command palette that was opened from it closes.
 */
export function useFocusInOutline(grid: RefObject<HTMLElement | null>, current: string | undefined) {
  const surface = useEditorState((state) => state.surface);
  const within = useRef(false);
  const returning = useRef(false);
  useLayoutEffect(() => {
    if (surface) {
      returning.current ||= within.current;
      return;
    }
    const line = grid.current?.querySelector<HTMLElement>('[tabindex="0"]');
    if (within.current || returning.current) line?.focus();
    else line?.scrollIntoView?.({ block: "nearest" });
    returning.current = false;
  }, [grid, current, surface]);
  return {
    onFocus: () => {
      within.current = true;
    },
    /** A line that is taken out of the page says nothing: then the focus is still meant to be here. */
    onBlur: (event: FocusEvent<HTMLElement>) => {
      within.current = event.currentTarget.contains(event.relatedTarget);
    },
  };
}
