import { useId } from "react";
import { bytes, grouped, scaled, shapeText, typeset } from "../model/format";
import type { ArithmeticLines, ExplainedNumber, NodeFacts } from "../model/types";
import { AboutTerm } from "./TermDialog";
import { useEditor, useEditorState } from "../state/useEditor";

/** The numbers of a block; each opens the arithmetic behind it. */
export function BlockFacts({ id, facts }: { id: string; facts: NodeFacts | undefined }) {
  const editor = useEditor();
  const open = useEditorState(({ explaining }) => (explaining?.node === id ? explaining.what : null));
  // Inside a block of one's own Python is not asked about single blocks.
  const isInside = useEditorState((state) => state.inside.length > 0);
  const panel = useId();
  const toggle = (what: ExplainedNumber) => editor.explain(open === what ? null : { node: id, what });
  const number = (what: ExplainedNumber, term: string, value: string, exact?: string) => (
    <div title={exact}>
      <dt>
        {term} {what === "macs" && <AboutTerm id="macs" />}
      </dt>
      <dd>
        <button
          type="button"
          className="explained-number"
          data-testid={`explain-${what}`}
          aria-expanded={open === what}
          aria-controls={panel}
          title={isInside ? exact : `How this number comes about${exact ? `: ${exact}` : ""}`}
          disabled={!facts?.shape || isInside}
          onClick={() => toggle(what)}
        >
          {value}
        </button>
      </dd>
    </div>
  );
  return (
    <>
      <dl className="facts">
        {number("shape", "Output", facts?.shape ? shapeText(facts.shape) : "–")}
        {number("params", "Parameters", facts ? grouped(facts.params) : "–")}
        {number("macs", "MACs", facts ? scaled(facts.macs) : "–", facts && grouped(facts.macs))}
        {number("memory", "Activations", facts?.bytes ? bytes(facts.bytes) : "–")}
      </dl>
      <div id={panel} className="arithmetic" data-testid="arithmetic" aria-live="polite">
        {open && facts?.shape && !isInside && <Arithmetic id={id} what={open} />}
      </div>
    </>
  );
}

const NOTHING: Record<ExplainedNumber, string> = {
  shape: "Nothing here changes the shape: what comes in leaves as it is.",
  params: "No layer of this block has weights.",
  macs: "Only convolutions and dense layers count as multiply-adds, and there are none here.",
  memory: "No layer stands here.",
};

function Arithmetic({ id, what }: { id: string; what: ExplainedNumber }) {
  const explained = useEditorState((state) => state.overlay.explained);
  if (explained?.node !== id) return <p className="calm">Working it out…</p>;
  const lines = explained[what];
  if (lines.steps.length === 0) return <p className="calm">{NOTHING[what]}</p>;
  return <Lines lines={lines} isSum={what !== "shape"} />;
}

function Lines({ lines: { steps, left_out, total }, isSum }: { lines: ArithmeticLines; isSum: boolean }) {
  return (
    <dl>
      {steps.map((step) => (
        <div key={`${step.of} ${step.text}`}>
          <dt>{step.of}</dt>
          <dd>
            <Expression text={step.text} />
            {grouped(step.value) !== step.text && <b className="comes-to"> = {grouped(step.value)}</b>}
          </dd>
        </div>
      ))}
      {left_out > 0 && <dt>and {grouped(String(left_out))} more layers</dt>}
      {isSum && steps.length + left_out > 1 && (
        <div className="arithmetic-total">
          <dt>Together</dt>
          <dd>
            <b>{grouped(total)}</b>
          </dd>
        </div>
      )}
    </dl>
  );
}

/** Numbers stand out; the words that say what they are step back. */
function Expression({ text }: { text: string }) {
  return typeset(text)
    .split(/((?:moving )?[a-z]{2,}(?: kernel)?)/)
    .map((part, index) =>
      /^(floor|ceil)$/.test(part) || !/[a-z]{2}/.test(part) ? part : <i key={index}>{part}</i>,
    );
}
