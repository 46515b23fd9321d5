import { definitionOf } from "../model/definitions";
import type { DesignNode } from "../model/types";
import { unpack } from "../state/requests";
import { useEditor, useEditorState } from "../state/useEditor";

/** What can be done with an instance of an own block. */
export function OwnActions({ node }: { node: DesignNode }) {
  const editor = useEditor();
  const inside = useEditorState((state) => state.inside);
  const definition = definitionOf(node.block);
  const definitions = useEditorState((state) => state.whole.definitions);
  if (definition === null || !Object.hasOwn(definitions, definition)) return null;
  return (
    <div className="inspector-actions own-actions">
      <button type="button" className="button small" onClick={() => editor.enter([...inside, definition])}>
        Edit definition
      </button>
      <button type="button" className="button small" onClick={() => unpack(editor, node.id)}>
        Unpack
      </button>
    </div>
  );
}
