import { withoutParam } from "../model/exposure";
import { nameProblem } from "../model/naming";
import { isNumeric, labelled } from "../model/packing";
import { currentValue, paramProblem, parseTyped } from "../model/params";
import type { Definition, Exposed, Json, ParamSchema } from "../model/types";
import { changeParam } from "../state/requests";
import { useEditor, useEditorState } from "../state/useEditor";
import { CommittedField } from "./CommittedField";
import { Icon } from "./icons";

interface ExposedRowProps {
  id: string;
  data: Definition;
  entry: Exposed;
}

/** A parameter that the open block shows: its name, default and limits; instances keep their values. */
export function ExposedRow({ id, data, entry }: ExposedRowProps) {
  const editor = useEditor();
  const whole = useEditorState((state) => state.whole);
  const remove = () => {
    const gesture = withoutParam(whole, id, entry.name);
    if (gesture) editor.applyToWhole(gesture);
  };
  return (
    <li>
      <details className="exposed">
        <summary>
          <span>
            <strong>{entry.name}</strong>
            <small>sets {targetsOf(data, entry)}</small>
          </span>
        </summary>
        <ExposedFields data={data} entry={entry} />
      </details>
      <button type="button" className="quiet" aria-label={`Remove parameter ${entry.name}`} onClick={remove}>
        <Icon name="close" />
      </button>
    </li>
  );
}

function targetsOf(data: Definition, entry: Exposed): string {
  const names = entry.targets.map((target) => {
    const node = data.nodes.find((one) => one.id === target.node);
    return `${node?.name ?? "?"}.${target.param}`;
  });
  return names.join(", ");
}

function ExposedFields({ data, entry }: Omit<ExposedRowProps, "id">) {
  const editor = useEditor();
  const catalog = useEditorState((state) => state.catalog);
  const target = entry.targets[0];
  const node = data.nodes.find((one) => one.id === target?.node);
  const inner = catalog.get(node?.block ?? "")?.params.find((param) => param.name === target?.param);
  if (!inner || !node) return null;
  const schema = { ...inner, label: entry.name, min: entry.min ?? inner.min, max: entry.max ?? inner.max };
  const rename = (name: string) => name && changeParam(editor, entry.name, { name, label: labelled(name) });
  return (
    <div className="exposed-fields">
      <CommittedField
        label="Name"
        name={`param_name ${entry.name}`}
        value={entry.name}
        maxLength={40}
        problemOf={nameProblem}
        commit={rename}
      />
      <DefaultField schema={schema as ParamSchema} entry={entry} value={entry.default ?? currentValue(inner, node.params)} />
      {isNumeric(inner) && <LimitField entry={entry} which="min" usual={inner.min} />}
      {isNumeric(inner) && <LimitField entry={entry} which="max" usual={inner.max} />}
    </div>
  );
}

interface DefaultFieldProps {
  schema: ParamSchema;
  entry: Exposed;
  value: Json;
}

function DefaultField({ schema, entry, value }: DefaultFieldProps) {
  const editor = useEditor();
  const set = (typed: string) => changeParam(editor, entry.name, { default: parseTyped(schema, typed) });
  const options = schema.kind === "flag" ? ["true", "false"] : schema.options;
  const shared = { name: `param_default ${entry.name}`, value: value === null ? "" : String(value) };
  if (!options) {
    const problemOf = (typed: string) => paramProblem(schema, parseTyped(schema, typed));
    return <CommittedField label="Default" {...shared} maxLength={40} problemOf={problemOf} commit={set} />;
  }
  return (
    <label className="field">
      <span>Default</span>
      <select {...shared} onChange={(event) => set(event.target.value)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {option.replaceAll("_", " ")}
          </option>
        ))}
      </select>
    </label>
  );
}

interface LimitFieldProps {
  entry: Exposed;
  which: "min" | "max";
  usual: number | null | undefined;
}

/** An empty limit is that of the inner parameter. */
function LimitField({ entry, which, usual }: LimitFieldProps) {
  const editor = useEditor();
  const problemOf = (typed: string) => (Number.isNaN(Number(typed)) ? "A limit is a number." : null);
  const set = (typed: string) => {
    if (problemOf(typed) === null) changeParam(editor, entry.name, { [which]: typed === "" ? null : Number(typed) });
  };
  return (
    <CommittedField
      label={which === "min" ? "Least" : "Most"}
      name={`param_${which} ${entry.name}`}
      value={String(entry[which] ?? usual ?? "")}
      maxLength={20}
      problemOf={problemOf}
      commit={set}
    />
  );
}
