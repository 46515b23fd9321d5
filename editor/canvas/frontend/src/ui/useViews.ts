import { type ReactFlowInstance, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";
import { NODE_WIDTH } from "../model/layout";
import { useEditorState } from "../state/useEditor";

/** Zooms from which a block's face can be read with ease, and just so. */
const EASY = 0.7;
const LEGIBLE = 0.42;
const PADDING = 28;
/** Fewer blocks than this are in view anyway. */
export const MINIMAP_FROM = 8;
/** Room at the right, so that no block lies under the minimap. */
const MINIMAP_ROOM = 172;
const BESIDE_MINIMAP = { top: 0.06, left: 0.06, bottom: 0.06, right: `${MINIMAP_ROOM}px` } as const;
const GLIDE = { duration: 200 };
/** How long after a design opened the pane may still find its size, in milliseconds. */
const SETTLING = 2000;

/** How wide the part of the pane is that the minimap leaves free. */
export function freeWidth(width: number, blocks: number): number {
  return blocks < MINIMAP_FROM ? width : width - MINIMAP_ROOM;
}

/** Show all of the design, or of some blocks, however small that makes it. */
export function useFitView(): (ids?: readonly string[]) => void {
  const flow = useReactFlow();
  return useCallback(
    (ids) => {
      const nodes = ids?.map((id) => ({ id }));
      const padding = flow.getNodes().length < MINIMAP_FROM ? 0.08 : BESIDE_MINIMAP;
      void flow.fitView({ maxZoom: 1, padding, ...GLIDE, ...(nodes && { nodes }) });
    },
    [flow],
  );
}

/** Show all of the design where that is legible, else its beginning, at a zoom at which it can be read. */
export function useReadableView(): (least?: number) => void {
  const flow = useReactFlow();
  const store = useStoreApi();
  return useCallback(
    (least = LEGIBLE) => {
      const { width, height } = store.getState();
      void flow.setViewport(readable(flow, { width, height }, least), least === LEGIBLE ? GLIDE : undefined);
    },
    [flow, store],
  );
}

/** Every design opens with a view that can be read with ease, in the size that its pane then takes. */
export function useOpeningView(): void {
  const show = useReadableView();
  const flow = useReactFlow();
  const design = useEditorState((state) => [state.designId, ...state.inside].join("/"));
  const size = useStore(({ panZoom, width, height }) => (panZoom && width * height > 0 ? `${width}x${height}` : ""));
  const opened = useRef({ design: "", at: 0, view: "" });
  useEffect(() => {
    if (!design || !size) return;
    const last = opened.current;
    const isOpen = last.design === design;
    const isUntouched = JSON.stringify(flow.getViewport()) === last.view;
    if (isOpen && !(isUntouched && performance.now() - last.at < SETTLING)) return;
    show(EASY);
    const view = JSON.stringify(flow.getViewport());
    opened.current = { design, at: isOpen ? last.at : performance.now(), view };
  }, [design, size, show, flow]);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function readable(flow: ReactFlowInstance, pane: Size, least: number) {
  const nodes = flow.getNodes();
  if (nodes.length === 0) return { x: (pane.width - NODE_WIDTH) / 2, y: pane.height / 4, zoom: 1 };
  const box = flow.getNodesBounds(nodes);
  const free = freeWidth(pane.width, nodes.length);
  const fit = Math.min((free - 2 * PADDING) / box.width, (pane.height - 2 * PADDING) / box.height);
  const zoom = Math.min(1, Math.max(least, fit));
  // In the middle of the pane, unless that would be under the minimap.
  const isClear = (pane.width + box.width * zoom) / 2 <= free;
  const x = centredOrFromStart(box.x * zoom, box.width * zoom, isClear ? pane.width : free);
  const y = centredOrFromStart(box.y * zoom, box.height * zoom, pane.height);
  return { x, y, zoom };
}

/** The pan that centres a stretch in the view, or shows where it begins when it is too long. */
function centredOrFromStart(start: number, length: number, view: number): number {
  return length > view ? PADDING - start : (view - length) / 2 - start;
}
