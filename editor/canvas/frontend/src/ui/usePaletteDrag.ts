import { type PointerEvent, type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Point } from "../model/layout";
import type { BlockSchema } from "../model/types";
import type { Hover } from "../state/state";
import { useEditor } from "../state/useEditor";
import { landingOf } from "./landing";

/** How far the pointer moves before a press becomes a drag. */
const THRESHOLD = 4;

interface Drag {
  readonly block: BlockSchema;
  readonly at: Point;
}

/**
 * Dragging a block out of the palette with pointer events, so that mouse, pen and touch all work.
 * On a touch screen a tap adds, and a vertical stroke scrolls the palette: then the browser cancels
 * the pointer.
 */
export function usePaletteDrag(
  pane: RefObject<HTMLElement | null>,
  onDrop: (block: BlockSchema, at: Point, onto: Hover | null) => void,
  onTap: (block: BlockSchema) => void,
) {
  const [ghost, setGhost] = useState<Drag | null>(null);
  const editor = useEditor();
  const isTouch = useRef(false);
  const end = useRef<() => void>(() => undefined);
  useEffect(() => () => end.current(), []);
  const begin = useCallback(
    (down: PointerEvent, block: BlockSchema) => {
      if (down.button !== 0) return;
      isTouch.current = down.pointerType === "touch";
      const under = (element: HTMLElement | null, at: Point, one: BlockSchema) =>
        contains(element, at) ? landingOf(element?.getRootNode() as ShadowRoot, at, editor.getState(), one) : null;
      const start = pointOf(down.nativeEvent);
      let dragging = false;
      const move = (event: globalThis.PointerEvent) => {
        const at = pointOf(event);
        dragging ||= Math.hypot(at.x - start.x, at.y - start.y) > THRESHOLD;
        if (!dragging) return;
        setGhost({ block, at });
        editor.hover(under(pane.current, at, block));
      };
      const up = (event: globalThis.PointerEvent) => {
        end.current();
        const at = pointOf(event);
        if (!dragging && event.pointerType === "touch") onTap(block);
        if (dragging && contains(pane.current, at)) onDrop(block, at, under(pane.current, at, block));
      };
      end.current = () => {
        removeEventListener("pointermove", move);
        removeEventListener("pointerup", up);
        removeEventListener("pointercancel", end.current);
        removeEventListener("keydown", cancel);
        setGhost(null);
        editor.hover(null);
      };
      const cancel = (event: KeyboardEvent) => {
        if (event.key === "Escape") end.current();
      };
      addEventListener("pointermove", move);
      addEventListener("pointerup", up);
      addEventListener("pointercancel", end.current);
      addEventListener("keydown", cancel);
    },
    [editor, pane, onDrop, onTap],
  );
  return { ghost, begin, isTouch };
}

function pointOf(event: { clientX: number; clientY: number }): Point {
  return { x: event.clientX, y: event.clientY };
}

function contains(element: HTMLElement | null, { x, y }: Point): boolean {
  const box = element?.getBoundingClientRect();
  return !!box && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
}
