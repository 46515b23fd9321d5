import { createContext, useContext, useSyncExternalStore } from "react";
import type { Editor } from "./editor";
import type { EditorState } from "./state";

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("This component belongs inside an EditorContext.");
  return editor;
}

/** One part of the editor's state; the component is drawn again only when that part changes. */
export function useEditorState<T>(select: (state: EditorState) => T): T {
  const editor = useEditor();
  return useSyncExternalStore(editor.subscribe, () => select(editor.getState()));
}
