import type { ReactNode } from "react";
import { definitionOf, pathTo, usesOf } from "../model/definitions";
import type { BlockSchema } from "../model/types";
import { useEditor } from "../state/useEditor";
import { Icon } from "./icons";

/** An own block in the palette: beside the entry, ways to edit its definition and to delete it. */
export function OwnItem({ block, children }: { block: BlockSchema; children: ReactNode }) {
  const editor = useEditor();
  const id = definitionOf(block.type) ?? "";
  const remove = () => {
    const { whole } = editor.getState();
    const uses = usesOf(whole, id);
    if (uses > 0) {
      const what = uses === 1 ? "one block is" : `${uses} blocks are`;
      editor.say(`${block.title} cannot be deleted while ${what} made of it: unpack or remove first.`);
      return;
    }
    editor.applyToWhole({ label: `Delete block ${block.title}`, edit: { definitions: { [id]: null } } });
  };
  return (
    <div className="palette-own">
      {children}
      <button
        type="button"
        className="quiet"
        aria-label={`Edit definition of ${block.title}`}
        title="Edit definition"
        onClick={() => editor.enter(pathTo(editor.getState().whole, id))}
      >
        <Icon name="edit" />
      </button>
      <button
        type="button"
        className="quiet"
        aria-label={`Delete ${block.title}`}
        title="Delete"
        onClick={remove}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
