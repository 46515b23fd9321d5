import { type ReactFlowInstance, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect } from "react";
import { NODE_WIDTH } from "../model/layout";
import { useEditorState } from "../state/useEditor";

const LEGIBLE = 0.7;
const PADDING = 28;
const GLIDE = { duration: 200 };

/** Show all of the design, however small that makes it. */
export function useFitView(): () => void {
  const flow = useReactFlow();
  return useCallback(() => void flow.fitView({ maxZoom: 1, padding: 0.08, ...GLIDE }), [flow]);
}

/** Show all of the design where that is legible, else its beginning, at a zoom at which it can be read. */
export function useReadableView(): (glide?: boolean) => void {
  const flow = useReactFlow();
  const store = useStoreApi();
  return useCallback(
    (glide = true) => {
      const { width, height } = store.getState();
      void flow.setViewport(readable(flow, width, height), glide ? GLIDE : undefined);
    },
    [flow, store],
  );
}

/** Every design opens with the readable view. */
export function useOpeningView(): void {
  const show = useReadableView();
  const design = useEditorState((state) => state.designId);
  const isReady = useStore((state) => state.width > 0 && state.panZoom !== null);
  useEffect(() => {
    if (isReady && design) show(false);
  }, [design, isReady, show]);
}

function readable(flow: ReactFlowInstance, width: number, height: number) {
  const nodes = flow.getNodes();
  if (nodes.length === 0) return { x: (width - NODE_WIDTH) / 2, y: height / 4, zoom: 1 };
  const box = flow.getNodesBounds(nodes);
  const fit = Math.min((width - 2 * PADDING) / box.width, (height - 2 * PADDING) / box.height);
  const zoom = Math.min(1, Math.max(LEGIBLE, fit));
  const x = width / 2 - (box.x + box.width / 2) * zoom;
  const centred = height / 2 - (box.y + box.height / 2) * zoom;
  return { x, y: fit >= LEGIBLE ? centred : PADDING - box.y * zoom, zoom };
}
