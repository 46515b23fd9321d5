import { useId } from "react";
import { paramChange } from "../model/gestures";
import { startingValues, startOf } from "../model/presets";
import type { BlockSchema, DesignNode } from "../model/types";
import { useEditor } from "../state/useEditor";

interface StartFieldProps {
  node: DesignNode;
  schema: BlockSchema;
  onHelp: (help: string | null) => void;
}

const HELP = "Sets the parameters to those of a block that is known by a name of its own.";

/** Sets a block's parameters to those of a preset, in one step. */
export function StartField({ node, schema, onHelp }: StartFieldProps) {
  const editor = useEditor();
  const id = useId();
  const presets = schema.presets ?? [];
  if (presets.length === 0) return null;
  const now = startOf(schema, node.params);
  const start = (preset: string) => {
    const { document } = editor.getState();
    editor.apply(paramChange(document, node.id, startingValues(schema, preset), "starting values"));
  };
  return (
    <div className="field" onFocus={() => onHelp(HELP)} onBlur={() => onHelp(null)}>
      <label htmlFor={id}>Start from</label>
      <select id={id} name="start_from" value={now ?? "own"} onChange={(event) => start(event.target.value)}>
        {now === null && <option value="own">own values</option>}
        <option value="">{schema.title}</option>
        {presets.map((preset) => (
          <option key={preset.id} value={preset.id}>
            {preset.title}
          </option>
        ))}
      </select>
    </div>
  );
}
