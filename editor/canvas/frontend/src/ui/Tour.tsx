import { useEffect, useRef } from "react";
import { grouped } from "../model/format";
import { piecesOf, type Step, STEPS, stepOf } from "../model/tour";
import { useEditor, useEditorState } from "../state/useEditor";
import { Icon } from "./icons";
import { useAnchored } from "./useAnchored";
import { useBench } from "./useBench";

/** Walks through a first network; every step waits until it is done, by the person or for them. */
export function Tour() {
  const isOn = useEditorState((state) => state.tour);
  const step = useEditorState((state) => (state.tour && state.inside.length === 0 ? stepOf(state.document) : -1));
  if (!isOn || step < 0) return null;
  const current = STEPS[step];
  return current ? <StepCard step={current} number={step + 1} /> : <Finish />;
}

function StepCard({ step, number }: { step: Step; number: number }) {
  const { editor, view } = useBench();
  const card = useRef<HTMLDivElement>(null);
  const ring = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const port = useEditorState((state) =>
    "port" in step.points ? (piecesOf(state.document)[step.points.port] as { id: string } | undefined)?.id : undefined,
  );
  const target =
    "palette" in step.points
      ? `[data-testid="palette-item"][data-block="${step.points.palette}"]`
      : `[data-testid="port"][data-node-id="${port}"][data-side="out"]`;
  useAnchored(card, ring, target);
  // The first card comes where somebody asked for it; later ones leave the hands where they are.
  useEffect(() => {
    if (number === 1) button.current?.focus();
    if ("palette" in step.points) editor.turnDrawer("palette", true);
    if (port) view.reveal(port);
  }, [editor, view, step, number, port]);
  const doIt = () => {
    const { document, catalog } = editor.getState();
    editor.apply(step.gesture(document, catalog, piecesOf(document)));
    const { id = "" } = editor.getState().document.nodes.at(-1) ?? {};
    editor.select([id]);
    view.reveal(id);
  };
  return (
    <>
      <div ref={ring} className="tour-ring" aria-hidden="true" />
      <div ref={card} className="tour" role="dialog" aria-label={`Tour, step ${number} of 6`} data-testid="tour">
        <p className="tour-count">
          Step {number} of {STEPS.length}
        </p>
        <div aria-live="polite">
          <h3>{step.title}</h3>
          <p>{step.text}</p>
        </div>
        <footer>
          <button ref={button} type="button" className="button small primary" onClick={doIt}>
            Do it for me
          </button>
          <button type="button" className="button small" onClick={() => editor.endTour()}>
            Skip the tour
          </button>
        </footer>
      </div>
    </>
  );
}

function Finish() {
  const editor = useEditor();
  const params = useEditorState((state) => state.overlay.totals.params);
  const status = useEditorState((state) => state.status);
  return (
    <div className="tour tour-finish" role="dialog" aria-label="Tour, finished" data-testid="tour">
      <div aria-live="polite">
        <h3>
          <Icon name="check" /> A residual network
        </h3>
        <p>
          You have built one{status === "saved" && <> of {grouped(params)} parameters</>}. Select a block to change its
          numbers at the right; the tabs below show the diagram of its layers and what they cost.
        </p>
      </div>
      <footer>
        <button type="button" className="button small primary" onClick={() => editor.endTour()}>
          Done
        </button>
      </footer>
    </div>
  );
}
