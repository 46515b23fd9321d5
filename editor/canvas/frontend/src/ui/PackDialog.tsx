import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { driverOf } from "../model/exposure";
import { exposedBy, type Row, rowProblem, rowsOf, suggestedTitle } from "../model/packing";
import { pack } from "../state/requests";
import { useEditor, useEditorState } from "../state/useEditor";
import { PackRows } from "./PackRows";

/** Asks what the block to be made of the selected ones is called and which parameters it shows. */
export function PackDialog() {
  const isAsked = useEditorState((state) => state.packing);
  return isAsked ? <Question /> : null;
}

function Question() {
  const editor = useEditor();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [title, setTitle] = useState(() => titleFor(editor.getState()));
  const [rows, setRows] = useState<readonly Row[]>(() => startingRows(editor.getState()));
  useEffect(() => dialog.current?.showModal(), []);
  const count = useEditorState((state) => state.selection.length);
  const problem = problemOf(title, rows);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem === null) pack(editor, title.trim(), exposedBy(rows));
  };
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={`${id}-head`}
      onClose={() => editor.askAboutPacking(false)}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <form onSubmit={submit}>
        <h2 id={`${id}-head`}>New block of {count === 1 ? "one block" : `${count} blocks`}</h2>
        <label className="dialog-field">
          <span>Title</span>
          <input
            name="title"
            value={title}
            maxLength={40}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTitle(event.target.value)}
            onFocus={(event) => event.target.select()}
          />
        </label>
        <PackRows rows={rows} change={setRows} />
        <footer>
          <p className="field-problem" role="alert">
            {problem}
          </p>
          <button type="button" className="button" onClick={() => editor.askAboutPacking(false)}>
            Cancel
          </button>
          <button type="submit" className="button primary" aria-disabled={problem !== null}>
            Make block
          </button>
        </footer>
      </form>
    </dialog>
  );
}

type State = ReturnType<ReturnType<typeof useEditor>["getState"]>;

function titleFor({ document, selection, catalog }: State): string {
  return suggestedTitle(document, selection, catalog);
}

/** What the open definition sets already goes on being set, so it is not asked about again. */
function startingRows({ document, selection, catalog, whole, inside }: State): Row[] {
  const open = whole.definitions[inside.at(-1) ?? ""] ?? null;
  const nodes = document.nodes.filter((node) => selection.includes(node.id));
  return rowsOf(nodes, catalog).filter(
    (row) => !row.targets.some((target) => driverOf(open, target.node, target.param)),
  );
}

function problemOf(title: string, rows: readonly Row[]): string | null {
  if (!/[a-z]/i.test(title)) return "The block needs a title with a letter in it.";
  const problems = rows.filter((row) => row.chosen).map((row) => rowProblem(row, rows));
  return problems.find((problem) => problem !== null) ?? null;
}
