import { useId } from "react";
import { fieldChange } from "../model/gestures";
import { nameProblem } from "../model/naming";
import type { DesignNode } from "../model/types";
import { renamePort } from "../state/requests";
import { useEditor } from "../state/useEditor";
import { CommittedField } from "./CommittedField";

export function NameField({ node }: { node: DesignNode }) {
  const editor = useEditor();
  const commit = (name: string) => {
    if (name) editor.apply(fieldChange(editor.getState().document, node.id, { name }, "name"));
  };
  return (
    <CommittedField
      label="Name"
      name="node_name"
      value={node.name}
      maxLength={64}
      problemOf={nameProblem}
      commit={commit}
    />
  );
}

/** A port of the open block: the links of all its instances follow its name. */
export function PortNameField({ node }: { node: DesignNode }) {
  const editor = useEditor();
  return (
    <CommittedField
      label="Port name"
      name="port_name"
      value={node.name}
      maxLength={40}
      problemOf={nameProblem}
      commit={(name) => name && renamePort(editor, node, name)}
    />
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
