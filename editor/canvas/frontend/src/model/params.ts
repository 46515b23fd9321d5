import { grouped } from "./format";
import type { BlockSchema, DesignNode, Json, Params, ParamSchema } from "./types";

/** The value a parameter has now: its own or its default. */
export function currentValue(schema: ParamSchema, params: Params): Json {
  const value = params[schema.name];
  return value === undefined || value === null ? schema.default : value;
}

/** Whether a parameter applies, given the others: its `when` names the values that call for it. */
export function applies(schema: ParamSchema, block: BlockSchema, params: Params): boolean {
  return Object.entries(schema.when ?? {}).every(([name, allowed]) => {
    const other = block.params.find((param) => param.name === name);
    return other === undefined || allowed.some((value) => value === currentValue(other, params));
  });
}

/** What was typed, as the JSON to send: a number where it is one, else the text as it came. */
export function parseTyped(schema: ParamSchema, typed: string): Json {
  const text = typed.trim();
  if (schema.kind === "text" || schema.kind === "choice") return typed;
  if (text === "" && schema.optional) return null;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? exact(text) : typed;
}

/** The number a text spells; one past what JSON keeps exactly stays text, for Python to judge. */
function exact(text: string): Json {
  const value = Number(text);
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : text;
}

/** What is wrong with a value, in a sentence, or null. Python has the last word. */
export function paramProblem(schema: ParamSchema, value: Json): string | null {
  if (value === null) return schema.optional ? null : `Write ${expected(schema)}.`;
  switch (schema.kind) {
    case "integer":
      return isNumber(value) && Number.isInteger(value) && inRange(schema, value) ? null : must(schema);
    case "number":
      return isNumber(value) && inRange(schema, value) ? null : must(schema);
    case "choice":
      return (schema.options ?? []).includes(String(value)) ? null : must(schema);
    case "flag":
      return typeof value === "boolean" ? null : must(schema);
    case "text":
      return typeof value === "string" ? null : must(schema);
  }
}

function isNumber(value: Json): value is number {
  return typeof value === "number";
}

function inRange({ min, max }: ParamSchema, value: number): boolean {
  return value >= (min ?? -Infinity) && value <= (max ?? Infinity);
}

function must(schema: ParamSchema): string {
  return `${schema.label} must be ${expected(schema)}.`;
}

function expected({ kind, min, max, options }: ParamSchema): string {
  if (kind === "choice") return `one of ${(options ?? []).join(", ")}`;
  if (kind === "flag") return "on or off";
  if (kind === "text") return "text";
  const noun = kind === "integer" ? "an integer" : "a number";
  if (min != null && max != null) return `${noun} from ${min} to ${max}`;
  if (min != null) return `${noun} of at least ${min}`;
  return max != null ? `${noun} of at most ${max}` : noun;
}

/** The parameters that matter, for the face of a block: `Filters 64 · Stride 2 · projection`. */
export function headline(block: BlockSchema, params: Params): string {
  return block.params
    .filter((schema) => schema.headline && applies(schema, block, params))
    .map((schema) => headlinePart(schema, currentValue(schema, params)))
    .filter((part) => part !== "")
    .join(" · ");
}

function headlinePart(schema: ParamSchema, value: Json): string {
  if (value === null || value === false) return "";
  if (value === true) return schema.label;
  if (schema.kind === "choice") return String(value).replaceAll("_", " ");
  return `${schema.label} ${grouped(String(value))}`;
}

/** One step up or down from a numeric value, kept inside the limits. */
export function stepped(schema: ParamSchema, value: Json, direction: 1 | -1): number | null {
  if (!isNumber(value)) return null;
  const step = schema.step ?? (schema.kind === "integer" ? 1 : 0.1);
  const next = Number((value + direction * step).toPrecision(12));
  return Math.min(schema.max ?? Infinity, Math.max(schema.min ?? -Infinity, next));
}

/** All values that the first of several repeats has: the block's own and those that differ. */
export function firstParams(block: BlockSchema, node: Pick<DesignNode, "params" | "first">): Params {
  const values = block.params.map((schema) => [schema.name, currentValue(schema, node.params)]);
  return { ...(Object.fromEntries(values) as Params), ...node.first };
}

/** The parameters in which the first of several repeats differs, and those in which it could. */
export function differences(block: BlockSchema, node: Pick<DesignNode, "params" | "first">) {
  const shown = block.params.filter((schema) => schema.name in node.first);
  const first = firstParams(block, node);
  const others = block.params.filter(
    (schema) => !(schema.name in node.first) && applies(schema, block, first),
  );
  return { shown, others };
}

/** What differs in the first of the repeats, for the face of a block: `first: stride 2`. */
export function firstWords(block: BlockSchema, first: Params): string {
  const parts = block.params
    .filter((schema) => schema.name in first)
    .map((schema) => `${schema.label.toLowerCase()} ${faceValue(first[schema.name] ?? null)}`);
  return parts.length ? `first: ${parts.join(", ")}` : "";
}

function faceValue(value: Json): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  return value === null ? "none" : String(value).replaceAll("_", " ");
}
