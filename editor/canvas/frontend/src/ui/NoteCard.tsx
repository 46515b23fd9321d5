import { type NodeProps, NodeResizer } from "@xyflow/react";
import { type KeyboardEvent, memo, useEffect, useRef, useState } from "react";
import { noteText } from "../model/notes";
import { useEditor } from "../state/useEditor";
import type { NoteFlowNode } from "./flowElements";

const MOST = 2000;

/** A note on the canvas: a double click or Enter writes in it, its edges change its size. */
export const NoteCard = memo(function NoteCard({ id, data, selected }: NodeProps<NoteFlowNode>) {
  const { text } = data.note;
  // A note that was just put there waits for its words.
  const [writing, setWriting] = useState(text === "" && selected);
  const begin = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || writing) return;
    event.preventDefault();
    event.stopPropagation();
    setWriting(true);
  };
  return (
    <>
      <NodeResizer isVisible={selected} minWidth={96} minHeight={48} maxWidth={2000} maxHeight={2000} />
      <div
        className="note"
        data-testid="note"
        data-id={id}
        data-selected={selected}
        tabIndex={selected && !writing ? 0 : -1}
        role="note"
        aria-label={text || "Empty note"}
        onDoubleClick={() => setWriting(true)}
        onKeyDown={begin}
      >
        {writing ? (
          <Writing id={id} text={text} done={() => setWriting(false)} />
        ) : (
          <p className="note-text">{text || <span className="note-empty">Double-click to write</span>}</p>
        )}
      </div>
    </>
  );
});

function Writing({ id, text, done }: { id: string; text: string; done: () => void }) {
  const editor = useEditor();
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // React Flow shows a new node only once it has been drawn, so the focus has to wait for that.
    const frame = requestAnimationFrame(() => area.current?.focus({ preventScroll: true }));
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <textarea
      ref={area}
      className="note-text nodrag nopan nowheel"
      aria-label="Text of the note"
      maxLength={MOST}
      value={text}
      onChange={(event) => editor.type(`note ${id}`, noteText(id, event.target.value))}
      onBlur={() => {
        editor.endTyping();
        done();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        event.currentTarget.closest<HTMLElement>(".react-flow__node")?.focus({ preventScroll: true });
      }}
    />
  );
}
