import { type ChangeEvent, type KeyboardEvent, useId, useState } from "react";
import { paramChange } from "../model/gestures";
import { paramProblem, parseTyped, stepped, currentValue } from "../model/params";
import type { DesignNode, Json, ParamSchema } from "../model/types";
import { useEditor } from "../state/useEditor";

interface ParamFieldProps {
  node: DesignNode;
  schema: ParamSchema;
  onHelp: (help: string | null) => void;
}

/** The form field of one parameter, drawn from its declaration in Python. */
export function ParamField({ node, schema, onHelp }: ParamFieldProps) {
  const id = useId();
  const value = currentValue(schema, node.params);
  const problem = paramProblem(schema, value);
  const shared = {
    id,
    name: schema.name,
    "aria-invalid": problem !== null,
    "aria-describedby": `${id}-problem`,
  };
  return (
    <div
      className="field"
      data-kind={schema.kind}
      title={schema.help}
      onFocus={() => onHelp(schema.help)}
      onBlur={() => onHelp(null)}
    >
      <label htmlFor={id}>{schema.label}</label>
      <Control node={node} schema={schema} value={value} shared={shared} />
      <p className="field-problem" id={`${id}-problem`} role="alert">
        {problem}
      </p>
    </div>
  );
}

interface ControlProps {
  node: DesignNode;
  schema: ParamSchema;
  value: Json;
  shared: { id: string; name: string; "aria-invalid": boolean };
}

function Control(props: ControlProps) {
  switch (props.schema.kind) {
    case "flag":
      return <FlagControl {...props} />;
    case "choice":
      return <ChoiceControl {...props} />;
    default:
      return <TypedControl {...props} />;
  }
}

function FlagControl({ node, schema, value, shared }: ControlProps) {
  const editor = useEditor();
  const set = (event: ChangeEvent<HTMLInputElement>) =>
    editor.apply(change(editor.getState().document, node, schema, event.target.checked));
  return <input {...shared} type="checkbox" className="switch" checked={value === true} onChange={set} />;
}

function ChoiceControl({ node, schema, value, shared }: ControlProps) {
  const editor = useEditor();
  const options = schema.options ?? [];
  const now = value === null ? "" : String(value);
  return (
    <select
      {...shared}
      value={now}
      onChange={(event) =>
        editor.apply(change(editor.getState().document, node, schema, event.target.value || null))
      }
    >
      {!options.includes(now) && <option value={now}>{now || "none"}</option>}
      {options.map((option) => (
        <option key={option} value={option}>
          {option.replaceAll("_", " ")}
        </option>
      ))}
    </select>
  );
}

/** Numbers and text: what is typed is shown and sent as it is, Python and the field both speak about it. */
function TypedControl({ node, schema, value, shared }: ControlProps) {
  const editor = useEditor();
  const [typed, setTyped] = useState<string | null>(null);
  const isTypedNow = typed !== null && (parseTyped(schema, typed) ?? schema.default) === value;
  const send = (next: Json) =>
    editor.type(`${node.id}.${schema.name}`, change(editor.getState().document, node, schema, next));
  const type = (text: string) => {
    setTyped(text);
    send(parseTyped(schema, text));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") editor.flush();
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key] as 1 | -1 | undefined;
    const next = direction && schema.kind !== "text" ? stepped(schema, value, direction) : null;
    if (next === null) return;
    event.preventDefault();
    type(String(next));
  };
  return (
    <span className="typed">
      <input
        {...shared}
        type="text"
        inputMode={schema.kind === "integer" ? "numeric" : schema.kind === "number" ? "decimal" : "text"}
        autoComplete="off"
        spellCheck={false}
        value={isTypedNow ? typed : textOf(value)}
        placeholder={schema.optional ? "none" : undefined}
        onChange={(event) => type(event.target.value)}
        onBlur={() => {
          editor.flush();
          setTyped(null);
        }}
        onKeyDown={onKeyDown}
      />
      {schema.unit && <span className="unit">{schema.unit}</span>}
    </span>
  );
}

function textOf(value: Json): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function change(
  design: Parameters<typeof paramChange>[0],
  node: DesignNode,
  schema: ParamSchema,
  value: Json,
) {
  return paramChange(design, node.id, { [schema.name]: value }, schema.label);
}
