import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { verdict } from "../model/budget";
import { grouped, scaled } from "../model/format";
import type { Problem } from "../model/types";
import type { DockTab } from "../state/state";
import { useEditor, useEditorState } from "../state/useEditor";
import { Bars } from "./Bars";
import { Diagram } from "./Diagram";
import { HeadHint } from "./HeadHint";
import { Icon } from "./icons";
import { Outline } from "./Outline";
import { ProblemList } from "./ProblemList";
import { useDockHeight } from "./useDockHeight";

/** Below the canvas: the live diagram, bars of where the numbers are, the problems, and the totals in the header. */
export function Dock() {
  const editor = useEditor();
  const { tab, asked } = useEditorState((state) => state.dock);
  const { height, isOpen, toggle, grip } = useDockHeight();
  const problems = useEditorState((state) => state.overlay.problems);
  const answered = useRef(asked);
  useEffect(() => {
    if (asked !== answered.current && !isOpen) toggle();
    answered.current = asked;
  });
  const show = (next: DockTab) => {
    editor.turnDock(next);
    if (!isOpen) toggle();
  };
  return (
    <section className="dock" data-open={isOpen} style={{ "--dock-height": `${height}px` } as CSSProperties}>
      <div className="dock-grip" {...grip} />
      <header className="dock-head">
        <div role="tablist" aria-label="Dock" onKeyDown={arrowKeys}>
          <TabButton name="diagram" now={tab} show={show}>
            Diagram
          </TabButton>
          <TabButton name="bars" now={tab} show={show}>
            Bars
          </TabButton>
          <TabButton name="outline" now={tab} show={show}>
            Outline
          </TabButton>
          <TabButton name="problems" now={tab} show={show}>
            Problems <ProblemCount problems={problems} />
          </TabButton>
        </div>
        <TotalsStrip />
        <button type="button" className="quiet" aria-label={isOpen ? "Collapse" : "Expand"} onClick={toggle}>
          <Icon name={isOpen ? "down" : "up"} />
        </button>
      </header>
      <div className="dock-body">
        {tab === "diagram" && isOpen && <Diagram />}
        {tab === "bars" && isOpen && <Bars />}
        {tab === "outline" && isOpen && <Outline />}
        <div className="dock-problems" data-testid="problems" hidden={tab !== "problems"}>
          {problems.length ? (
            <ProblemList problems={problems} pointing />
          ) : (
            <>
              <p className="calm">No problems.</p>
              <HeadHint />
            </>
          )}
        </div>
      </div>
    </section>
  );
}

function ProblemCount({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  const isError = problems.some((problem) => problem.severity === "error");
  return (
    <span className="count" data-severity={isError ? "error" : "warning"}>
      {problems.length}
    </span>
  );
}

interface TabButtonProps {
  name: DockTab;
  now: DockTab;
  show: (tab: DockTab) => void;
  children: ReactNode;
}

function TabButton({ name, now, show, children }: TabButtonProps) {
  const isNow = name === now;
  return (
    <button
      type="button"
      role="tab"
      aria-selected={isNow}
      tabIndex={isNow ? 0 : -1}
      onClick={() => show(name)}
    >
      {children}
    </button>
  );
}

function arrowKeys(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')];
  const step = event.key === "ArrowRight" ? 1 : -1;
  const now = tabs.indexOf(event.target as HTMLElement);
  const other = tabs[(now + step + tabs.length) % tabs.length];
  other?.focus();
  other?.click();
}

function TotalsStrip() {
  const totals = useEditorState((state) => state.overlay.totals);
  return (
    <div className="totals">
      <BudgetVerdict />
      <Total id="total-params" term="Parameters" count={totals.params} />
      <Total id="total-macs" term="MACs" count={totals.macs} />
      <Total id="total-layers" term="Layers" count={String(totals.layers)} />
    </div>
  );
}

/** How the budget stands; without one there is nothing to say. */
function BudgetVerdict() {
  const uses = useEditorState((state) => state.overlay.budget);
  const said = verdict(uses ?? []);
  if (!said) return null;
  return (
    <span className="budget-verdict" data-state={said.state} data-testid="budget-verdict" role="status" title={said.words}>
      {said.words}
    </span>
  );
}

function Total({ id, term, count }: { id: string; term: string; count: string }) {
  // The first few digits say enough of a number that is short.
  const short = count.length > 6 ? scaled(count) : count;
  return (
    <span className="total" data-testid={id} data-value={count}>
      <span className="total-term">{term}</span> {grouped(count)}
      {short !== count && <span className="total-short"> {short}</span>}
    </span>
  );
}
