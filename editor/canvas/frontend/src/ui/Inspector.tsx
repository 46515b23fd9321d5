import type { KeyboardEvent } from "react";
import { useEditorState } from "../state/useEditor";
import { BlockInspector } from "./BlockInspector";
import { DesignInspector } from "./DesignInspector";
import { useBench } from "./useBench";

/** What is selected: one block's form and numbers, or the whole design. */
export function Inspector() {
  const { view } = useBench();
  const selection = useEditorState((state) => state.selection);
  const node = useEditorState((state) =>
    selection.length === 1 ? state.document.nodes.find((one) => one.id === selection[0]) : undefined,
  );
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    view.focusBlock(node?.id);
  };
  return (
    <aside className="inspector" data-testid="inspector" aria-label="Inspector" onKeyDown={onKeyDown}>
      {node ? <BlockInspector key={node.id} node={node} /> : <DesignInspector selected={selection} />}
    </aside>
  );
}
