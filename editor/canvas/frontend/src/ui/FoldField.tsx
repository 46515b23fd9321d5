import { useId } from "react";
import { isUnfolded } from "../model/folds";
import type { DesignNode } from "../model/types";
import { useEditor, useEditorState } from "../state/useEditor";

/** Whether the diagram shows a block's layers one by one. How it is looked at is no edit. */
export function FoldField({ node }: { node: DesignNode }) {
  const editor = useEditor();
  const id = useId();
  const isOpen = useEditorState((state) => state.folds[node.id] ?? isUnfolded(state.dot, node.id));
  return (
    <div className="field" title="Show each layer of this block in the diagram. A double click there does too.">
      <label htmlFor={id}>Show layers</label>
      <input
        id={id}
        name="unfolded"
        type="checkbox"
        className="switch"
        checked={isOpen}
        onChange={(event) => editor.fold(node.id, event.target.checked)}
      />
    </div>
  );
}
