import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback } from "react";
import { NODE_HEIGHT, NODE_WIDTH, type Point } from "../model/layout";

const MARGIN = 16;

/** Bring a node into view, at the zoom there is, once it has been drawn; one in view stays put. */
export function useReveal(): (id: string) => void {
  const flow = useReactFlow();
  const store = useStoreApi();
  return useCallback(
    (id) =>
      requestAnimationFrame(() => {
        const node = flow.getNode(id);
        if (!node || isInView(node.position, store.getState())) return;
        const { x, y } = node.position;
        const zoom = Math.max(flow.getZoom(), 0.6);
        void flow.setCenter(x + NODE_WIDTH / 2, y + NODE_HEIGHT / 2, { zoom, duration: 200 });
      }),
    [flow, store],
  );
}

interface View {
  readonly transform: readonly [number, number, number];
  readonly width: number;
  readonly height: number;
}

function isInView({ x, y }: Point, { transform, width, height }: View): boolean {
  const [panX, panY, zoom] = transform;
  const left = x * zoom + panX;
  const top = y * zoom + panY;
  const right = left + NODE_WIDTH * zoom;
  const bottom = top + NODE_HEIGHT * zoom;
  return left >= MARGIN && top >= MARGIN && right <= width - MARGIN && bottom <= height - MARGIN;
}
