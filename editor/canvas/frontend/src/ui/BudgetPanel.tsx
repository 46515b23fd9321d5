import { useId, useState } from "react";
import { bytes, countOf, grouped, scaled } from "../model/format";
import { type BudgetLimit, LIMITS, shareOf, stateOf, withLimit } from "../model/budget";
import type { Use } from "../model/types";
import { useEditor, useEditorState } from "../state/useEditor";

const NONE: readonly Use[] = [];

/** What the design may cost at most, how much of it is used, and the width that fits. */
export function BudgetPanel() {
  const uses = useEditorState((state) => state.overlay.budget) ?? NONE;
  return (
    <section className="budget" data-testid="budget" aria-label="Budget">
      <h2 className="inspector-title">Budget</h2>
      {LIMITS.map((limit) => (
        <LimitField key={limit.name} limit={limit} use={uses.find(({ name }) => name === limit.name)} />
      ))}
      {uses.some(({ name }) => name === "training_bytes") && <BatchField />}
      {uses.length > 0 ? <FitButton /> : <p className="calm-line">Write a limit, as 3M or 500 MB, to watch it.</p>}
    </section>
  );
}

function LimitField({ limit, use }: { limit: BudgetLimit; use: Use | undefined }) {
  const editor = useEditor();
  const id = useId();
  const budget = useEditorState((state) => state.whole.budget);
  const [typed, setTyped] = useState<string | null>(null);
  const now = budget?.[limit.name];
  const shown = now === undefined ? "" : limit.isBytes ? bytes(String(now)) : grouped(String(now));
  const isWrong = typed !== null && typed.trim() !== "" && countOf(typed) === null;
  const commit = () => {
    if (typed === null || isWrong) return setTyped(null);
    const wanted = countOf(typed) ?? undefined;
    setTyped(null);
    if (typed !== shown && wanted !== now) editor.applyToWhole(withLimit(budget, limit, wanted));
  };
  return (
    <div className="field">
      <label htmlFor={id}>{limit.label}</label>
      <input
        id={id}
        name={`budget_${limit.name}`}
        value={typed ?? shown}
        placeholder="no limit"
        autoComplete="off"
        aria-invalid={isWrong}
        aria-describedby={`${id}-use`}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          if (event.key === "Escape") setTyped(null);
        }}
      />
      <div className="field-wide" id={`${id}-use`}>
        {isWrong && <p className="field-problem">Write a number, as 3,000,000, 3M or 500 MB.</p>}
        {use && <Bar use={use} isBytes={limit.isBytes} />}
      </div>
    </div>
  );
}

function Bar({ use, isBytes }: { use: Use; isBytes: boolean }) {
  const share = shareOf(use);
  const state = stateOf(use);
  return (
    <div className="budget-use" data-state={state} data-testid={`budget-${use.name}`}>
      <div className="budget-bar">
        <span style={{ width: `${Math.min(share, 100)}%` }} />
      </div>
      <span>
        {isBytes ? bytes(use.used) : scaled(use.used)} used, {share.toLocaleString("en", { maximumFractionDigits: 1 })} %
        {state === "over" ? " · over budget" : state === "near" ? " · nearly full" : ""}
      </span>
    </div>
  );
}

/** The batch that memory of training is counted for. */
function BatchField() {
  const editor = useEditor();
  const id = useId();
  const budget = useEditorState((state) => state.whole.budget);
  const set = (batch_size: number) =>
    editor.applyToWhole({ label: "Change the budget's batch size", edit: { budget: { ...budget, batch_size } } });
  return (
    <div className="field">
      <label htmlFor={id}>Batch size</label>
      <select
        id={id}
        name="budget_batch_size"
        value={budget?.batch_size ?? 32}
        onChange={(event) => set(Number(event.target.value))}
      >
        {[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024].map((size) => (
          <option key={size}>{size}</option>
        ))}
      </select>
    </div>
  );
}

function FitButton() {
  const editor = useEditor();
  const fit = useEditorState((state) => state.fit);
  const [multiple, setMultiple] = useState("8");
  return (
    <div className="budget-fit">
      <label>
        Round to
        <select value={multiple} onChange={(event) => setMultiple(event.target.value)}>
          <option value="8">multiples of 8</option>
          <option value="1">whole numbers</option>
        </select>
      </label>
      <button type="button" className="button small" onClick={() => editor.act({ kind: "fit", multiple })}>
        Fit to budget
      </button>
      <div role="status" data-testid="fit">
        {fit && "refusal" in fit && <p className="field-problem">{fit.refusal}</p>}
        {fit && "width" in fit && (
          <>
            <p>
              Width × {fit.width}: <b>{grouped(fit.params)}</b> parameters, <b>{scaled(fit.macs)}</b> MACs
            </p>
            <button
              type="button"
              className="button small primary"
              onClick={() =>
                editor.applyToWhole({ label: `Fit to budget: width × ${fit.width}`, edit: fit.edit })
              }
            >
              Apply
            </button>
          </>
        )}
      </div>
    </div>
  );
}
