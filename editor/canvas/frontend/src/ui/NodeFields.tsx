import { useId, useState } from "react";
import { fieldChange } from "../model/gestures";
import { nameProblem } from "../model/naming";
import type { DesignNode } from "../model/types";
import { useEditor } from "../state/useEditor";

/** Renaming waits for Enter or leaving: a half-typed name would reach code and layer names. */
export function NameField({ node }: { node: DesignNode }) {
  const editor = useEditor();
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const problem = nameProblem((typed ?? node.name).trim());
  const commit = () => {
    const name = typed?.trim();
    setTyped(null);
    if (!name || name === node.name) return;
    editor.apply(fieldChange(editor.getState().document, node.id, { name }, "name"));
  };
  return (
    <div className="field field-name">
      <label htmlFor={id}>Name</label>
      <input
        id={id}
        name="node_name"
        value={typed ?? node.name}
        maxLength={64}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem !== null}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          if (event.key === "Escape") setTyped(null);
        }}
      />
      <p className="field-problem" role="alert">
        {problem}
      </p>
    </div>
  );
}

export function NoteField({ node }: { node: DesignNode }) {
  const editor = useEditor();
  const id = useId();
  return (
    <div className="field field-note">
      <label htmlFor={id}>Note</label>
      <textarea
        id={id}
        name="note"
        rows={2}
        maxLength={2000}
        placeholder="Why this block is here"
        value={node.note}
        onChange={(event) => {
          const patch = { note: event.target.value };
          editor.type(`${node.id}/note`, fieldChange(editor.getState().document, node.id, patch, "note"));
        }}
        onBlur={() => editor.endTyping()}
      />
    </div>
  );
}
