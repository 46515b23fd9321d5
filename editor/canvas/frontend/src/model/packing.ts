import type { Catalog } from "./connections";
import { isPort } from "./definitions";
import { freeName, nameProblem } from "./naming";
import { applies, currentValue, paramProblem, parseTyped } from "./params";
import type { Design, DesignNode, Exposed, Json, ParamSchema } from "./types";

/** Making a block of several: which inner parameters it may show, and how they are written down. */

export interface Target {
  readonly node: string;
  readonly param: string;
}

/** An inner parameter, of one block or of several that have the same value for it. */
export interface Candidate {
  readonly key: string;
  readonly schema: ParamSchema;
  readonly value: Json;
  readonly targets: readonly Target[];
  /** The names of the blocks it is in. */
  readonly of: readonly string[];
  readonly name: string;
}

/** A row of the dialog: a candidate and what was typed about it. */
export interface Row extends Candidate {
  readonly chosen: boolean;
  readonly min: string;
  readonly max: string;
  readonly initial: string;
}

/** The parameters of nodes; equal ones are one row, those that differ in value a row for each value. */
export function rowsOf(nodes: readonly DesignNode[], catalog: Catalog): Row[] {
  const groups = Map.groupBy(
    nodes.flatMap((node) => singles(node, catalog)),
    ({ schema, value }) => `${schema.kind} ${schema.name} ${JSON.stringify(value)}`,
  );
  const taken = new Set<string>();
  return [...groups.values()].map((members) => {
    const [first] = members as [Candidate, ...Candidate[]];
    const name = taken.has(first.name) ? freeName(`${first.of[0]}_${first.name}`, taken) : first.name;
    taken.add(name);
    const targets = members.flatMap((one) => one.targets);
    return row({ ...first, name, targets, of: members.flatMap((one) => one.of) });
  });
}

function singles(node: DesignNode, catalog: Catalog): Candidate[] {
  const block = catalog.get(node.block);
  if (!block || isPort(node.block)) return [];
  return block.params
    .filter((schema) => applies(schema, block, node.params))
    .map((schema) => ({
      key: `${node.id} ${schema.name}`,
      schema,
      value: currentValue(schema, node.params),
      targets: [{ node: node.id, param: schema.name }],
      of: [node.name],
      name: schema.name,
    }));
}

function row(candidate: Candidate): Row {
  const { min, max } = candidate.schema;
  const limit = (value: number | null | undefined) => (value == null ? "" : String(value));
  return { ...candidate, chosen: false, min: limit(min), max: limit(max), initial: text(candidate.value) };
}

/** One row for each block that a row of several is about; each can have a name of its own. */
export function separated(rows: readonly Row[], key: string): Row[] {
  return rows.flatMap((one) => {
    if (one.key !== key) return [one];
    return one.targets.map((target, index) => {
      const of = one.of[index] ?? "";
      return { ...one, key: `${target.node} ${target.param}`, targets: [target], of: [of], name: `${of}_${target.param}` };
    });
  });
}

/** What stands in the way of making the block, in a sentence, or null. */
export function rowProblem(one: Row, rows: readonly Row[]): string | null {
  const badName = nameProblem(one.name);
  if (badName) return `${one.name || "A parameter"}: ${badName}`;
  const other = rows.find((row) => row.chosen && row !== one && row.name === one.name);
  if (other && other.schema.kind !== one.schema.kind) {
    return `${one.name}: ${other.schema.kind} and ${one.schema.kind} cannot be one parameter.`;
  }
  return limitsProblem(one) ?? paramProblem(narrowed(one), parseTyped(one.schema, one.initial));
}

function limitsProblem({ schema, min, max, name }: Row): string | null {
  if (!isNumeric(schema)) return null;
  const [low, high] = [limitOf(min), limitOf(max)];
  if (Number.isNaN(low) || Number.isNaN(high)) return `${name}: limits are numbers.`;
  return low !== undefined && high !== undefined && low > high ? `${name}: the least is above the most.` : null;
}

function narrowed(one: Row): ParamSchema {
  if (!isNumeric(one.schema)) return one.schema;
  const { min = one.schema.min, max = one.schema.max } = { min: limitOf(one.min), max: limitOf(one.max) };
  return { ...one.schema, label: one.name, min: min ?? null, max: max ?? null };
}

/** The parameters of the new block: chosen rows of one name are one parameter. */
export function exposedBy(rows: readonly Row[]): Exposed[] {
  const groups = Map.groupBy(
    rows.filter((one) => one.chosen),
    (one) => one.name,
  );
  return [...groups].map(([name, members]) => {
    const [first] = members as [Row, ...Row[]];
    const [min, max] = [limitOf(first.min), limitOf(first.max)];
    return {
      name,
      targets: members.flatMap((one) => one.targets),
      default: parseTyped(first.schema, first.initial),
      ...(isNumeric(first.schema) && min !== undefined ? { min } : {}),
      ...(isNumeric(first.schema) && max !== undefined ? { max } : {}),
      ...(name === first.schema.name ? {} : { label: labelled(name) }),
    };
  });
}

export function isNumeric({ kind }: ParamSchema): boolean {
  return kind === "integer" || kind === "number";
}

/** A name for a block of these, from what they are. */
export function suggestedTitle(design: Design, ids: readonly string[], catalog: Catalog): string {
  const titles = design.nodes
    .filter((node) => ids.includes(node.id))
    .map((node) => catalog.get(node.block)?.title ?? node.block);
  const one = titles.every((title) => title === titles[0]);
  if (titles.length === 2 && one) return `Twin ${titles[0]?.toLowerCase()}`;
  return one && titles.length > 2 ? `${titles[0]} chain` : "My block";
}

export function labelled(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function limitOf(typed: string): number | undefined {
  return typed.trim() === "" ? undefined : Number(typed);
}

function text(value: Json): string {
  return value === null ? "" : String(value);
}
