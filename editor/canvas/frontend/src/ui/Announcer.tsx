import { useEffect, useRef, useState } from "react";
import { grouped } from "../model/format";
import type { EditorState } from "../state/state";
import { useEditor, useEditorState } from "../state/useEditor";

/** Letters typed into a field are told once, when the hand rests. */
const REST = 400;

/** Says to a screen reader what an edit, an undo or a redo did, with the totals that follow from it. */
export function Announcer() {
  const editor = useEditor();
  const designId = useEditorState((state) => state.designId);
  const revision = useEditorState((state) => state.revision);
  const status = useEditorState((state) => state.status);
  const told = useRef<Told>({ designId: "", revision: -1, redo: null });
  const [words, setWords] = useState("");
  useEffect(() => {
    if (status !== "saved") return undefined;
    const timer = setTimeout(() => {
      const state = editor.getState();
      const before = told.current;
      told.current = state;
      if (before.designId === state.designId && before.revision < state.revision) setWords(saying(before, state));
    }, REST);
    return () => clearTimeout(timer);
  }, [editor, designId, revision, status]);
  return (
    <p className="unseen" role="status" data-testid="announcer">
      {words}
    </p>
  );
}

type Told = Pick<EditorState, "designId" | "revision" | "redo">;

function saying(before: Told, { undo, redo, overlay }: EditorState): string {
  const isUndone = redo !== null && redo !== before.redo;
  const what = isUndone ? `Undone: ${redo}` : (undo ?? "Changed");
  const { params, macs } = overlay.totals;
  const count = overlay.problems.length;
  const problems = count === 0 ? "no problems" : count === 1 ? "1 problem" : `${count} problems`;
  return `${what}. In total ${grouped(params)} parameters, ${grouped(macs)} MACs, ${problems}.`;
}
