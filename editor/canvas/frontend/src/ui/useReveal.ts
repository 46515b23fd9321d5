import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback } from "react";
import { NODE_HEIGHT, NODE_WIDTH } from "../model/layout";
import { freeWidth } from "./useViews";

const MARGIN = 24;
const LEGIBLE = 0.6;

/** Bring a node into view once it has been drawn, by the shortest way; one in view stays put. */
export function useReveal(): (id: string) => void {
  const flow = useReactFlow();
  const store = useStoreApi();
  return useCallback(
    (id) =>
      requestAnimationFrame(() => {
        const node = flow.getNode(id);
        if (!node) return;
        const { width, height, nodes } = store.getState();
        const view = flow.getViewport();
        const zoom = Math.max(view.zoom, LEGIBLE);
        const x = inside(view.x, node.position.x * zoom, NODE_WIDTH * zoom, freeWidth(width, nodes.length));
        const y = inside(view.y, node.position.y * zoom, NODE_HEIGHT * zoom, height);
        if (x === view.x && y === view.y && zoom === view.zoom) return;
        void flow.setViewport({ x, y, zoom }, { duration: 160 });
      }),
    [flow, store],
  );
}

/** The pan nearest to `pan` at which the stretch from `start` lies within the view. */
function inside(pan: number, start: number, length: number, view: number): number {
  const least = MARGIN - start;
  const most = view - MARGIN - length - start;
  return least > most ? (least + most) / 2 : Math.min(most, Math.max(least, pan));
}
