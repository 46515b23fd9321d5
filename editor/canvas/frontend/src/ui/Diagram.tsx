import { type MouseEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Artist } from "../diagram/artist";
import { safeSvg } from "../diagram/sanitize";
import { useEditor, useEditorState } from "../state/useEditor";
import { BarButton } from "./TopBar";
import { useReveal } from "./useReveal";

/** The id of the block that a group of the drawing belongs to: Python writes it as a class. */
function blockOf(group: Element | null): string | undefined {
  return /(?:^| )node-([\w-]+)/.exec(group?.getAttribute("class") ?? "")?.[1];
}

/** The Graphviz diagram, redrawn as the design changes; the last good one stays until the next is done. */
export function Diagram() {
  const editor = useEditor();
  const reveal = useReveal();
  const frame = useRef<HTMLDivElement>(null);
  const { svg, error } = useDrawing();
  const isEmpty = useEditorState((state) => state.document.nodes.length === 0);
  const { zoom, zoomBy, fit } = useZoom();
  usePlaced(frame, svg, zoom);
  useMarked(frame, svg);
  const pick = (event: MouseEvent) => {
    const id = blockOf((event.target as Element).closest("g.node, g.cluster"));
    if (!id) return;
    editor.select([id]);
    reveal(id);
  };
  const fold = (event: MouseEvent) => {
    const group = (event.target as Element).closest("g.node, g.cluster");
    const id = blockOf(group);
    if (id && editor.getState().inside.length === 0) editor.fold(id, !group?.matches("g.cluster, g.layer"));
  };
  return (
    <div className="diagram">
      <div
        ref={frame}
        className="diagram-frame"
        data-testid="diagram"
        tabIndex={0}
        role="region"
        aria-label="Diagram"
        onClick={pick}
        onDoubleClick={fold}
        hidden={isEmpty}
      />
      {isEmpty && <p className="calm diagram-calm">The diagram appears with the first block.</p>}
      {error && <p className="diagram-error">The diagram could not be drawn: {error}</p>}
      <div className="diagram-tools" hidden={isEmpty}>
        <BarButton icon="minus" label="Smaller" onPress={() => zoomBy(1 / 1.3)} />
        <BarButton icon="fit" label="Fit" onPress={fit} />
        <BarButton icon="plus" label="Larger" onPress={() => zoomBy(1.3)} />
      </div>
    </div>
  );
}

function useDrawing() {
  const dot = useEditorState((state) => state.dot);
  const [svg, setSvg] = useState<SVGSVGElement | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [artist] = useState(
    () =>
      new Artist((answer) => {
        const drawn = "svg" in answer ? safeSvg(answer.svg) : null;
        if (drawn) setSvg(drawn);
        setError("error" in answer ? answer.error : null);
      }),
  );
  useEffect(() => {
    if (dot) artist.draw(dot);
    else setSvg(null);
  }, [artist, dot]);
  useEffect(() => () => artist.stop(), [artist]);
  return { svg, error };
}

/** Null fits the diagram to the frame as far as it stays legible. */
function useZoom() {
  const [zoom, setZoom] = useState<number | null>(null);
  const zoomBy = (factor: number) => setZoom((now) => Math.min(4, Math.max(0.1, (now ?? 1) * factor)));
  return { zoom, zoomBy, fit: () => setZoom(null) };
}

const LEGIBLE = 0.75;

function usePlaced(frame: RefObject<HTMLDivElement | null>, svg: SVGSVGElement | null, zoom: number | null) {
  useLayoutEffect(() => {
    if (!svg) frame.current?.replaceChildren();
    if (!frame.current || !svg) return;
    const { width, height } = svg.viewBox.baseVal;
    const { clientWidth, clientHeight } = frame.current;
    const fit = Math.min((clientWidth - 24) / width, (clientHeight - 24) / height);
    const scale = zoom ?? Math.min(1.1, Math.max(LEGIBLE, fit));
    svg.setAttribute("width", String(Math.round(width * scale)));
    svg.setAttribute("height", String(Math.round(height * scale)));
    if (svg.parentNode !== frame.current) frame.current.replaceChildren(svg);
  }, [frame, svg, zoom]);
}

/** Mark the selected nodes in the drawing. */
function useMarked(frame: RefObject<HTMLDivElement | null>, svg: SVGSVGElement | null) {
  const selection = useEditorState((state) => state.selection);
  useLayoutEffect(() => {
    const selected = new Set(selection);
    const groups = [...(svg?.querySelectorAll("g.node, g.cluster") ?? [])];
    const marked = groups.filter((group) => {
      // A block's frame carries its id; the layers inside carry only its class.
      const isMarked = group.id.startsWith("node-") && selected.has(group.id.slice("node-".length));
      group.classList.toggle("selected", isMarked);
      return isMarked;
    });
    if (selection.length === 1 && marked[0]) scrollTo(frame.current, marked[0]);
  }, [frame, svg, selection]);
}

function scrollTo(frame: HTMLElement | null, group: Element): void {
  if (!frame) return;
  const box = group.getBoundingClientRect();
  const view = frame.getBoundingClientRect();
  if (box.top < view.top || box.bottom > view.bottom) {
    frame.scrollTop += box.top + box.height / 2 - view.top - view.height / 2;
  }
  if (box.left < view.left || box.right > view.right) {
    frame.scrollLeft += box.left + box.width / 2 - view.left - view.width / 2;
  }
}
