import { fieldChange, paramChange } from "../model/gestures";
import { currentValue } from "../model/params";
import type { DesignNode, ParamSchema } from "../model/types";
import { useEditor } from "../state/useEditor";
import { SchemaField } from "./SchemaField";

interface NodeFieldProps {
  node: DesignNode;
  onHelp: (help: string | null) => void;
}

/** The form field of one parameter, drawn from its declaration in Python. */
export function ParamField({ node, schema, onHelp }: NodeFieldProps & { schema: ParamSchema }) {
  const editor = useEditor();
  return (
    <SchemaField
      schema={schema}
      value={currentValue(schema, node.params)}
      change={(value) =>
        paramChange(editor.getState().document, node.id, { [schema.name]: value }, schema.label)
      }
      onHelp={onHelp}
    />
  );
}

const FROZEN: ParamSchema = {
  name: "frozen",
  kind: "flag",
  label: "Freeze weights",
  default: false,
  help: "A frozen block keeps its weights: training does not change them.",
};

export function FreezeField({ node, onHelp }: NodeFieldProps) {
  const change = (frozen: unknown) => ({
    label: `${frozen ? "Freeze" : "Unfreeze"} ${node.name}`,
    edit: { nodes: { [node.id]: { frozen: frozen === true } } },
  });
  return <SchemaField schema={FROZEN} value={node.frozen} change={change} onHelp={onHelp} />;
}

const REPEAT: ParamSchema = {
  name: "repeat",
  kind: "integer",
  label: "Repeat",
  default: 1,
  min: 1,
  max: 1000,
  unit: "times",
  help: "How many of this block follow each other, each with weights of its own.",
};

export function RepeatField({ node, onHelp }: NodeFieldProps) {
  const editor = useEditor();
  return (
    <SchemaField
      schema={REPEAT}
      value={node.repeat}
      change={(value) =>
        fieldChange(editor.getState().document, node.id, { repeat: value as number }, "repeat")
      }
      onHelp={onHelp}
    />
  );
}
