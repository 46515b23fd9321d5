import { type ReactFlowInstance, useReactFlow } from "@xyflow/react";
import { createContext, type ReactNode, type RefObject, useContext, useEffect, useMemo, useRef } from "react";
import type { Bench, View } from "../actions";
import { NODE_HEIGHT, NODE_WIDTH, type Point } from "../model/layout";
import type { Editor } from "../state/editor";
import { useEditor } from "../state/useEditor";
import { useReveal } from "./useReveal";
import { useFitView, useReadableView } from "./useViews";

const BenchContext = createContext<Bench | null>(null);

/** What actions work with, for every component below. */
export function useBench(): Bench {
  const bench = useContext(BenchContext);
  if (!bench) throw new Error("This component belongs inside a BenchProvider.");
  return bench;
}

export function BenchProvider({ pane, children }: { pane: RefObject<HTMLElement | null>; children: ReactNode }) {
  const editor = useEditor();
  const view = useView(editor, pane);
  const bench = useMemo(() => ({ editor, view }), [editor, view]);
  return <BenchContext value={bench}>{children}</BenchContext>;
}

function useView(editor: Editor, pane: RefObject<HTMLElement | null>): View {
  const flow = useReactFlow();
  const fit = useFitView();
  const show = useReadableView();
  const reveal = useReveal();
  const pointer = usePointer(pane);
  return useMemo(() => {
    const intoInspector = (...selectors: string[]) => {
      editor.turnDrawer("inspector", true);
      focusSoon(pane.current, ...selectors);
    };
    const toDrawing = (point: Point) => flow.screenToFlowPosition(point, { snapToGrid: false });
    return {
      fit,
      fitTo: (ids) => fit(ids),
      readable: () => show(),
      reveal,
      zoomBy: (factor) => void flow.zoomTo(flow.getZoom() * factor, { duration: 120 }),
      toDrawing,
      pointer: () => toDrawing(pointer.current ?? middleOf(pane.current)),
      onScreen: (id) => screenPlace(flow, id) ?? middleOf(pane.current),
      focusField: (name) => intoInspector(`${INSPECTOR} [name="${name}"]`),
      focusForm: () => intoInspector(FORM, `${INSPECTOR} input`),
      focusOutline: () => focusSoon(pane.current, OUTLINE),
      focusBlock: (id) => focusSoon(pane.current, OUTLINE, `.react-flow__node[data-id="${id}"]`, ".pane"),
    };
  }, [editor, flow, fit, show, reveal, pointer, pane]);
}

/** Where the pointer was last over the canvas, in pixels of the window. */
function usePointer(pane: RefObject<HTMLElement | null>) {
  const pointer = useRef<Point | null>(null);
  useEffect(() => {
    const element = pane.current;
    const move = (event: PointerEvent) => {
      pointer.current = { x: event.clientX, y: event.clientY };
    };
    element?.addEventListener("pointermove", move);
    return () => element?.removeEventListener("pointermove", move);
  }, [pane]);
  return pointer;
}

function middleOf(element: HTMLElement | null): Point {
  const box = element?.getBoundingClientRect();
  return box ? { x: box.left + box.width / 2, y: box.top + box.height / 2 } : { x: 0, y: 0 };
}

function screenPlace(flow: ReactFlowInstance, id: string | undefined): Point | null {
  const node = id === undefined ? undefined : flow.getNode(id);
  if (!node) return null;
  const { x, y } = node.position;
  return flow.flowToScreenPosition({ x: x + NODE_WIDTH / 2, y: y + NODE_HEIGHT / 2 });
}

const INSPECTOR = '[data-testid="inspector"]';
const FORM = `${INSPECTOR} .fields :is(input, select)`;
const OUTLINE = '[data-testid="outline"] [tabindex="0"]';

/** Focus the first that is there; it may only now be drawn for what was just selected. */
function focusSoon(pane: HTMLElement | null, ...selectors: string[]): void {
  requestAnimationFrame(() => {
    const root = pane?.getRootNode() as Document | ShadowRoot | undefined;
    const found = selectors.map((one) => root?.querySelector<HTMLElement>(one)).find(Boolean);
    found?.focus();
    if (found instanceof HTMLInputElement) found.select();
  });
}
