import { type FocusEvent, type PointerEvent, useCallback, useEffect, useRef, useState } from "react";
import type { BlockSchema } from "../model/types";
import { useEditor } from "../state/useEditor";

/** How long a pointer rests, or the focus stays, before a card opens; and how long it may wander off. */
const REST = 400;
const GRACE = 150;

export interface Card {
  readonly block: BlockSchema;
  readonly anchor: HTMLElement;
}

/** Opens a card about what the pointer rests on or the focus has come to; Escape closes it. */
export function useHoverCard() {
  const editor = useEditor();
  const [card, setCard] = useState<Card | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const after = useCallback((milliseconds: number, next: Card | null) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (next) editor.askForInsides();
      setCard(next);
    }, milliseconds);
  }, [editor]);
  const close = useCallback(() => {
    clearTimeout(timer.current);
    setCard(null);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  useClosing(card !== null, close);

  const open = (anchor: HTMLElement, block: BlockSchema) => {
    after(card ? GRACE : REST, { block, anchor });
  };
  const about = (block: BlockSchema) => ({
    onPointerEnter: (event: PointerEvent<HTMLElement>) => {
      if (event.pointerType !== "touch") open(event.currentTarget, block);
    },
    onPointerLeave: () => after(GRACE, null),
    onFocus: (event: FocusEvent<HTMLElement>) => {
      if (event.currentTarget.matches(":focus-visible")) open(event.currentTarget, block);
    },
    onBlur: () => after(GRACE, null),
  });
  /** On the card itself: a pointer that comes over it may stay and read. */
  const hold = {
    onPointerEnter: () => clearTimeout(timer.current),
    onPointerLeave: () => after(GRACE, null),
  };
  return { card, about, hold, close };
}

/** Escape closes what is open and nothing else with it; so does scrolling what it belongs to. */
function useClosing(open: boolean, close: () => void) {
  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
    };
    addEventListener("keydown", onKey, { capture: true });
    return () => removeEventListener("keydown", onKey, { capture: true });
  }, [open, close]);
}
