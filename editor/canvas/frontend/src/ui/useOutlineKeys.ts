import type { KeyboardEvent, MouseEvent } from "react";
import { action, type Bench, perform } from "../actions";
import { reordering } from "../model/gestures";
import type { InputRow, OutlineRow } from "../model/outline";
import { useBench } from "./useBench";

interface OutlineState {
  rows: readonly OutlineRow[];
  current: OutlineRow | undefined;
  setAt: (key: string) => void;
  setOpen: (change: (open: ReadonlySet<string>) => ReadonlySet<string>) => void;
}

/** The line that the keys act on: where one went last, unless something else was selected since. */
export function currentRow(
  rows: readonly OutlineRow[],
  at: string | null,
  selection: readonly string[],
  selectedLinks: readonly string[],
): OutlineRow | undefined {
  const isSelected = ({ kind, key }: OutlineRow) =>
    kind === "block" ? selection.includes(key) : selectedLinks.includes(key);
  const there = rows.find((row) => row.key === at);
  if (there && isSelected(there)) return there;
  return rows.findLast(isSelected) ?? there ?? rows[0];
}

/** Moving about in the outline and changing what stands there; other keys are the editor's own. */
export function useOutlineKeys({ rows, current, setAt, setOpen }: OutlineState) {
  const bench = useBench();
  const go: Go = (row, extend = false) => {
    if (!row) return;
    setAt(row.key);
    select(bench, row, extend);
  };
  const toggle = (id: string) =>
    setOpen((open) => new Set(open.has(id) ? [...open].filter((one) => one !== id) : [...open, id]));
  const onKeyDown = (event: KeyboardEvent) => {
    const hasCommand = event.ctrlKey || event.metaKey;
    // Shift and Delete takes a block out and joins its links, as on the canvas.
    const isOther = event.shiftKey && !event.key.startsWith("Arrow");
    if (!current || hasCommand || isOther) return;
    const run = event.altKey ? reorderingKeys(bench, current) : keysOf({ bench, rows, row: current, go, toggle });
    if (!run[event.key]) return;
    run[event.key]?.(event.shiftKey);
    event.preventDefault();
    event.stopPropagation();
  };
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const target = event.target as Element;
    const key = target.closest<HTMLElement>("[data-key]")?.dataset.key;
    const row = rows.find((one) => one.key === key);
    if (row && target.closest(".outline-twist")) toggle(row.key);
    go(row, event.shiftKey);
  };
  return { onKeyDown, onClick };
}

type Go = (row: OutlineRow | undefined, extend?: boolean) => void;
type KeyRuns = { readonly [key: string]: (shifted: boolean) => void };

interface Place {
  bench: Bench;
  rows: readonly OutlineRow[];
  row: OutlineRow;
  go: Go;
  toggle: (id: string) => void;
}

function keysOf(place: Place): KeyRuns {
  const { rows, row, go } = place;
  const here = rows.indexOf(row);
  return {
    ArrowDown: (extend) => go(rows[here + 1], extend),
    ArrowUp: (extend) => go(rows[here - 1], extend),
    Home: () => go(rows[0]),
    End: () => go(rows.at(-1)),
    ArrowRight: () => openOrEnter(place),
    ArrowLeft: () => closeOrLeave(place),
    Enter: () => edit(place),
    Delete: () => remove(place),
    Backspace: () => remove(place),
  };
}

function select({ editor, view }: Bench, row: OutlineRow, extend: boolean): void {
  const { selection } = editor.getState();
  const others = extend ? selection.filter((id) => id !== row.key) : [];
  if (row.kind === "input") editor.select([], [row.key]);
  else editor.select([...others, row.key]);
  view.reveal(row.node.id);
}

function isOpen(rows: readonly OutlineRow[], row: OutlineRow): boolean {
  return row.kind === "block" && rows[rows.indexOf(row) + 1]?.kind === "input";
}

function openOrEnter({ rows, row, go, toggle }: Place): void {
  if (isOpen(rows, row)) go(rows[rows.indexOf(row) + 1]);
  else if (row.kind === "block" && row.incoming.length > 0) toggle(row.key);
}

function closeOrLeave({ rows, row, go, toggle }: Place): void {
  if (row.kind === "input") go(rows.find((one) => one.key === row.node.id));
  else if (isOpen(rows, row)) toggle(row.key);
}

/** To a block's form; from an input to the block it comes from. */
function edit({ bench, rows, row, go }: Place): void {
  if (row.kind === "input") return go(sourceRow(rows, row));
  go(row);
  bench.view.focusForm();
}

function sourceRow(rows: readonly OutlineRow[], { incoming, index }: InputRow): OutlineRow | undefined {
  return rows.find((row) => row.key === incoming[index]?.source);
}

/** Remove what is selected and go to the line that takes its place. */
function remove({ bench, rows, row, go }: Place): void {
  const { selection, selectedLinks } = bench.editor.getState();
  const gone = new Set([...selection, ...selectedLinks]);
  const stays = (one: OutlineRow) => !gone.has(one.key) && !gone.has(one.node.id);
  const here = rows.indexOf(row);
  const next = rows.slice(here).find(stays) ?? rows.slice(0, here).findLast(stays);
  perform(action("delete"), bench);
  go(next);
}

function reorderingKeys({ editor }: Bench, row: OutlineRow): KeyRuns {
  if (row.kind !== "input") return {};
  const { node, incoming, index } = row;
  const swap = (upper: number) => {
    if (upper > 0 && upper < incoming.length) editor.apply(reordering(node.name, incoming, upper));
  };
  return { ArrowUp: () => swap(index), ArrowDown: () => swap(index + 1) };
}
