import { type KeyboardEvent, useId, useState } from "react";
import { termOf } from "../model/glossary";
import { paramProblem, parseTyped, stepped } from "../model/params";
import { isNumeric, leapt } from "../model/scrubbing";
import type { Gesture, Json, ParamSchema } from "../model/types";
import { useEditor } from "../state/useEditor";
import { AboutTerm } from "./TermDialog";
import { useScrub } from "./useScrub";

interface SchemaFieldProps {
  schema: ParamSchema;
  value: Json;
  /** The edit that sets a value; called when it is needed, so that it fits the document then. */
  change: (value: Json) => Gesture;
  onHelp: (help: string | null) => void;
}

/** A form field drawn from a declaration: label, control, and the rule where it is broken. */
export function SchemaField({ schema, value, change, onHelp }: SchemaFieldProps) {
  const id = useId();
  const term = termOf(schema);
  const problem = paramProblem(schema, value);
  const scrub = useScrub(id, schema, value, change);
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
      <span className="field-label">
        <label htmlFor={id} {...scrub}>
          {schema.label}
        </label>
        {term && <AboutTerm id={term} />}
      </span>
      <Control schema={schema} value={value} change={change} shared={shared} />
      <p className="field-problem" id={`${id}-problem`} role="alert">
        {problem}
      </p>
    </div>
  );
}

interface ControlProps extends Omit<SchemaFieldProps, "onHelp"> {
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

function FlagControl({ value, change, shared }: ControlProps) {
  const editor = useEditor();
  return (
    <input
      {...shared}
      type="checkbox"
      className="switch"
      checked={value === true}
      onChange={(event) => editor.apply(change(event.target.checked))}
    />
  );
}

function ChoiceControl({ schema, value, change, shared }: ControlProps) {
  const editor = useEditor();
  const options = schema.options ?? [];
  const now = value === null ? "" : String(value);
  return (
    <select {...shared} value={now} onChange={(event) => editor.apply(change(event.target.value || null))}>
      {!options.includes(now) && <option value={now}>{now || "none"}</option>}
      {options.map((option) => (
        <option key={option} value={option}>
          {option.replaceAll("_", " ")}
        </option>
      ))}
    </select>
  );
}

const INPUT_MODES = { integer: "numeric", number: "decimal", text: "text" } as const;

/** Numbers and text: what is typed is shown and sent as it is; Python and the field both speak about it. */
function TypedControl({ schema, value, change, shared }: ControlProps) {
  const editor = useEditor();
  const [typed, setTyped] = useState<string | null>(null);
  // An undo or somebody else's edit replaces what was typed here.
  const isTypedNow = typed !== null && (parseTyped(schema, typed) ?? schema.default) === value;
  const type = (text: string) => {
    setTyped(text);
    editor.type(shared.id, change(parseTyped(schema, text)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") editor.endTyping();
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key] as 1 | -1 | undefined;
    const leap = { PageUp: 1, PageDown: -1 }[event.key] as 1 | -1 | undefined;
    const moved = direction ? stepped(schema, value, direction) : leap ? leapt(schema, value, leap) : null;
    const next = isNumeric(schema) ? moved : null;
    if (next === null) return;
    event.preventDefault();
    type(String(next));
  };
  const leave = () => {
    editor.endTyping();
    setTyped(null);
  };
  return (
    <span className="typed">
      <input
        {...shared}
        type="text"
        inputMode={INPUT_MODES[schema.kind as keyof typeof INPUT_MODES]}
        autoComplete="off"
        spellCheck={false}
        value={isTypedNow ? typed : textOf(value)}
        placeholder={schema.optional ? "none" : undefined}
        onChange={(event) => type(event.target.value)}
        onBlur={leave}
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
