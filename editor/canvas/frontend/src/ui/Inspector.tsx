import { useEditorState } from "../state/useEditor";
import { BlockInspector } from "./BlockInspector";
import { DesignInspector } from "./DesignInspector";

/** What is selected: one block's form and numbers, or the whole design. */
export function Inspector() {
  const selection = useEditorState((state) => state.selection);
  const node = useEditorState((state) =>
    selection.length === 1 ? state.document.nodes.find((one) => one.id === selection[0]) : undefined,
  );
  return (
    <aside className="inspector" data-testid="inspector" aria-label="Inspector">
      {node ? <BlockInspector key={node.id} node={node} /> : <DesignInspector selected={selection} />}
    </aside>
  );
}
