import { type Connection, type FinalConnectionState, type OnConnectStartParams, useReactFlow } from "@xyflow/react";
import { useCallback } from "react";
import { type Ends, proposal, refusal, welcoming } from "../model/connections";
import { connection } from "../model/gestures";
import type { Point } from "../model/layout";
import { useEditor } from "../state/useEditor";
import { reachOf } from "./ConnectionHint";

/** Drawing links: refused ones never come about; dropping on a block finds its free port. */
export function useConnecting() {
  const editor = useEditor();
  const flow = useReactFlow();
  const isValidConnection = useCallback(
    (link: Connection | { source: string; target: string }) => {
      const { document, catalog } = editor.getState();
      return refusal(document, catalog, endsOf(link as Connection)) === null;
    },
    [editor],
  );
  const onConnect = useCallback(
    (link: Connection) => editor.apply(connection(editor.getState().document, endsOf(link))),
    [editor],
  );
  const onConnectStart = useCallback(
    (_: unknown, { nodeId, handleId, handleType }: OnConnectStartParams) => {
      if (nodeId === null) return;
      const side = handleType === "target" ? "in" : "out";
      const { document, catalog } = editor.getState();
      const ids = welcoming(document, catalog, { node: nodeId, port: handleId ?? side, side });
      editor.hover({ kind: "welcome", from: nodeId, ids });
    },
    [editor],
  );
  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      editor.hover(null);
      const { document, catalog } = editor.getState();
      if (state.toHandle) return;
      const to = flow.screenToFlowPosition(pointerOf(event), { snapToGrid: false });
      const reach = reachOf({ ...state, to }, document);
      if (!reach) return;
      const { ends, refusal: reason } = proposal(document, catalog, reach);
      if (reason === null) editor.apply(connection(document, ends));
    },
    [editor, flow],
  );
  return { isValidConnection, onConnect, onConnectStart, onConnectEnd };
}

function pointerOf(event: MouseEvent | TouchEvent): Point {
  const { clientX, clientY } = "clientX" in event ? event : (event.changedTouches[0] as Touch);
  return { x: clientX, y: clientY };
}

function endsOf({ source, sourceHandle, target, targetHandle }: Connection): Ends {
  return { source, source_port: sourceHandle ?? "out", target, target_port: targetHandle ?? "in" };
}
