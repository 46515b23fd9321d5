import { type RefObject, useEffect } from "react";
import { useEditorState } from "../state/useEditor";

/** A button that goes when it is pressed takes the focus along: give it to the canvas, for its keys. */
export function useFocusKept(pane: RefObject<HTMLElement | null>): void {
  const inside = useEditorState((state) => state.inside);
  const packing = useEditorState((state) => state.packing);
  const selection = useEditorState((state) => state.selection);
  const surface = useEditorState((state) => state.surface);
  useEffect(() => {
    const root = pane.current?.getRootNode() as Document | ShadowRoot | undefined;
    const isLost = !root?.activeElement && document.activeElement === document.body;
    if (isLost && !packing) pane.current?.focus({ preventScroll: true });
  }, [inside, packing, selection, surface, pane]);
}
