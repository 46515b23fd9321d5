import { useEffect, useRef } from "react";
import { useEditor, useEditorState } from "../state/useEditor";
import { useReveal } from "./useReveal";

/** Select and show the block that was chosen in a table below the canvas, once for each choice. */
export function usePointed(): void {
  const editor = useEditor();
  const reveal = useReveal();
  const pointed = useEditorState((state) => state.pointed);
  const seen = useRef(pointed?.id ?? 0);
  useEffect(() => {
    if (!pointed || pointed.id <= seen.current) return;
    seen.current = pointed.id;
    editor.select([pointed.node]);
    reveal(pointed.node);
  }, [editor, reveal, pointed]);
}
