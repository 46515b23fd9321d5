import { type RefObject, useEffect } from "react";

/** How long a finger rests, and how far it may tremble, before the menu opens. */
const REST = 500;
const TREMBLE = 8;

/**
 * A finger that rests on the canvas opens the context menu. Some browsers say so themselves; for
 * the others the press is turned into the event that the right button of a mouse makes.
 */
export function useLongPress(pane: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = pane.current;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let start: PointerEvent | null = null;
    const stop = () => clearTimeout(timer);
    const press = (event: PointerEvent) => {
      stop();
      // A second finger pinches.
      if (event.pointerType !== "touch" || !event.isPrimary) return;
      start = event;
      const target = event.target;
      timer = setTimeout(() => target && openMenu(target, event), REST);
    };
    const move = (event: PointerEvent) => {
      const far = start && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > TREMBLE;
      if (far) stop();
    };
    const listeners = [
      ["pointerdown", press],
      ["pointermove", move],
      ["pointerup", stop],
      ["pointercancel", stop],
      ["contextmenu", stop],
    ] as const;
    for (const [kind, listen] of listeners) element?.addEventListener(kind, listen as EventListener, true);
    return () => {
      stop();
      for (const [kind, listen] of listeners) element?.removeEventListener(kind, listen as EventListener, true);
    };
  }, [pane]);
}

function openMenu(target: EventTarget, { clientX, clientY }: PointerEvent): void {
  target.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true, composed: true, clientX, clientY }));
}
