import { type PointerEvent, useRef, useState } from "react";
import { isNumeric, scrubbed } from "../model/scrubbing";
import type { Gesture, Json, ParamSchema } from "../model/types";
import { useEditor } from "../state/useEditor";

interface Drag {
  readonly x: number;
  readonly start: number;
  last: number;
}

/** Drag a field's label to the left or right to change its number: one drag is one step of undo. */
export function useScrub(
  field: string,
  schema: ParamSchema,
  value: Json,
  change: (value: Json) => Gesture,
) {
  const editor = useEditor();
  const drag = useRef<Drag | null>(null);
  const [dragging, setDragging] = useState(false);
  if (!isNumeric(schema) || typeof value !== "number") return {};
  const stop = () => {
    if (drag.current) editor.endDrag();
    drag.current = null;
    setDragging(false);
  };
  return {
    "data-scrub": dragging ? "dragging" : "",
    title: `Drag to change ${schema.label.toLowerCase()}`,
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      editor.endTyping();
      drag.current = { x: event.clientX, start: value, last: value };
      setDragging(true);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const now = drag.current;
      if (!now) return;
      const next = scrubbed(schema, now.start, event.clientX - now.x);
      if (next === now.last) return;
      now.last = next;
      editor.drag(field, change(next));
    },
    onPointerUp: stop,
    onPointerCancel: stop,
  };
}
