import { differences, firstParams } from "../model/params";
import { fieldChange } from "../model/gestures";
import type { BlockSchema, DesignNode, Json, Params, ParamSchema } from "../model/types";
import { useEditor } from "../state/useEditor";
import { Icon } from "./icons";
import { SchemaField } from "./SchemaField";

interface FirstFieldsProps {
  node: DesignNode;
  schema: BlockSchema;
  onHelp: (help: string | null) => void;
}

/** The parameters in which the first of several repeats differs, as a stage's first block does. */
export function FirstFields({ node, schema, onHelp }: FirstFieldsProps) {
  const editor = useEditor();
  const changed = (first: Params, label: string) =>
    fieldChange(editor.getState().document, node.id, { first }, `${label.toLowerCase()} of the first`);
  const { shown, others } = differences(schema, node);
  return (
    <div className="first" role="group" aria-label="First differs">
      <h3>First differs in</h3>
      {shown.map((param) => (
        <FirstField
          key={param.name}
          node={node}
          schema={param}
          onHelp={onHelp}
          change={(value) => changed({ ...node.first, [param.name]: value }, param.label)}
          remove={() => {
            const { [param.name]: _, ...rest } = node.first;
            editor.apply(changed(rest, param.label));
          }}
        />
      ))}
      {others.length > 0 && (
        <select
          className="first-add"
          name="first_add"
          aria-label="Add a parameter in which the first differs"
          value=""
          onChange={(event) => {
            const param = others.find((one) => one.name === event.target.value);
            if (!param) return;
            const value = firstParams(schema, node)[param.name] ?? null;
            editor.apply(changed({ ...node.first, [param.name]: value }, param.label));
          }}
        >
          <option value="">{shown.length ? "another parameter" : "nothing; choose a parameter"}</option>
          {others.map((param) => (
            <option key={param.name} value={param.name}>
              {param.label}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

interface FirstFieldProps {
  node: DesignNode;
  schema: ParamSchema;
  onHelp: (help: string | null) => void;
  change: (value: Json) => ReturnType<typeof fieldChange>;
  remove: () => void;
}

function FirstField({ node, schema, onHelp, change, remove }: FirstFieldProps) {
  return (
    <div className="first-row">
      <SchemaField
        schema={{ ...schema, name: `first_${schema.name}` }}
        value={node.first[schema.name] ?? null}
        change={change}
        onHelp={onHelp}
      />
      <button type="button" className="quiet" aria-label={`As the others: ${schema.label}`} onClick={remove}>
        <Icon name="close" />
      </button>
    </div>
  );
}
