import { type ReactFlowInstance, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import { NODE_WIDTH } from "../model/layout";
import { useEditorState } from "../state/useEditor";

const LEGIBLE = 0.7;
const PADDING = 28;

/**
 * The view a design opens with: all of it where that is legible, else its beginning, at a zoom at
 * which it can be read.
 */
export function useOpeningView(): void {
  const flow = useReactFlow();
  const store = useStoreApi();
  const design = useEditorState((state) => state.designId);
  const isReady = useStore((state) => state.width > 0 && state.panZoom !== null);
  useEffect(() => {
    if (!isReady || !design) return;
    const { width, height } = store.getState();
    void flow.setViewport(openingView(flow, width, height));
  }, [design, isReady, flow, store]);
}

function openingView(flow: ReactFlowInstance, width: number, height: number) {
  const nodes = flow.getNodes();
  if (nodes.length === 0) return { x: (width - NODE_WIDTH) / 2, y: height / 4, zoom: 1 };
  const box = flow.getNodesBounds(nodes);
  const fit = Math.min((width - 2 * PADDING) / box.width, (height - 2 * PADDING) / box.height);
  const zoom = Math.min(1, Math.max(LEGIBLE, fit));
  const x = width / 2 - (box.x + box.width / 2) * zoom;
  const centred = height / 2 - (box.y + box.height / 2) * zoom;
  return { x, y: fit >= LEGIBLE ? centred : PADDING - box.y * zoom, zoom };
}
