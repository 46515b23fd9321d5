import { useConnection, useStore } from "@xyflow/react";
import { proposal, type Reach } from "../model/connections";
import { NODE_HEIGHT, NODE_WIDTH, type Point } from "../model/layout";
import type { Design } from "../model/types";
import { useEditorState } from "../state/useEditor";

interface DrawnLink {
  readonly fromHandle: { nodeId: string; id?: string | null; type: string } | null;
  readonly toHandle: { nodeId: string; id?: string | null; type: string } | null;
  readonly to: Point | null;
}

/** Which block, and which port of it, the end of a link being drawn is over; null over none. */
export function reachOf({ fromHandle, toHandle, to }: DrawnLink, design: Design): Reach | null {
  if (!fromHandle || !to) return null;
  const side = fromHandle.type === "source" ? "out" : "in";
  const from = { node: fromHandle.nodeId, port: fromHandle.id ?? side, side } as const;
  if (toHandle && toHandle.type !== fromHandle.type) {
    return { ...from, over: toHandle.nodeId, overPort: toHandle.id ?? null };
  }
  const over = design.nodes.find((node) => contains(node, to));
  // Leaving one's own block with a fresh link is no mistake to speak about.
  return over && !(over.id === from.node && !toHandle) ? { ...from, over: over.id, overPort: null } : null;
}

function contains(node: Point, { x, y }: Point): boolean {
  return x >= node.x && x <= node.x + NODE_WIDTH && y >= node.y - 4 && y <= node.y + NODE_HEIGHT + 4;
}

/** Says at the pointer why the link being drawn may not end here. */
export function ConnectionHint() {
  const state = useConnection();
  const design = useEditorState((one) => one.document);
  const catalog = useEditorState((one) => one.catalog);
  const [panX, panY, zoom] = useStore((store) => store.transform);
  if (!state.inProgress) return null;
  const reach = reachOf(state, design);
  const reason = reach && proposal(design, catalog, reach).refusal;
  if (!reason) return null;
  return (
    <div
      className="connection-hint"
      role="status"
      data-testid="connection-hint"
      style={{ left: state.to.x * zoom + panX, top: state.to.y * zoom + panY }}
    >
      {reason}
    </div>
  );
}
