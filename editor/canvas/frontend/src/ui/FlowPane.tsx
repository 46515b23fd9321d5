import {
  Background,
  BackgroundVariant,
  type Connection,
  Controls,
  type FinalConnectionState,
  MiniMap,
  ReactFlow,
  useReactFlow,
  useStore,
} from "@xyflow/react";
import { useCallback } from "react";
import { type Ends, proposal, refusal } from "../model/connections";
import { definitionOf } from "../model/definitions";
import { connection } from "../model/gestures";
import { GRID, type Point } from "../model/layout";
import { useEditor } from "../state/useEditor";
import { BlockNode } from "./BlockNode";
import { ConnectionHint, reachOf } from "./ConnectionHint";
import type { BlockFlowNode } from "./flowElements";
import { hueOf } from "./theme";
import { useFlowElements } from "./useFlowElements";
import { useOpeningView } from "./useViews";

const NODE_TYPES = { block: BlockNode };
const SNAP: [number, number] = [GRID, GRID];
/** Fewer blocks than this are in view anyway. */
const MINIMAP_FROM = 8;
/** Below this zoom a block shows its name only, large enough to read. */
const FAR = 0.42;
const SEVERAL = ["Shift", "Meta", "Control"];

/** The drawing itself: React Flow shows the document and turns gestures into edits. */
export function FlowPane({ colorMode }: { colorMode: "light" | "dark" }) {
  const elements = useFlowElements();
  const connecting = useConnecting();
  const isFar = useStore((store) => store.transform[2] < FAR);
  useOpeningView();
  const openOwn = useOpenOwn();
  return (
    <ReactFlow
      {...elements}
      {...connecting}
      className={isFar ? "far" : ""}
      nodeTypes={NODE_TYPES}
      colorMode={colorMode}
      deleteKeyCode={null}
      multiSelectionKeyCode={SEVERAL}
      snapToGrid
      snapGrid={SNAP}
      panOnScroll
      zoomOnDoubleClick={false}
      connectionRadius={28}
      minZoom={0.08}
      maxZoom={2}
      elevateNodesOnSelect={false}
      onNodeDoubleClick={openOwn}
    >
      <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} />
      <Controls showInteractive={false} showFitView={false} position="bottom-left" />
      {elements.nodes.length >= MINIMAP_FROM && (
        <MiniMap
          pannable
          zoomable
          position="bottom-right"
          nodeColor={minimapColor}
          nodeStrokeColor={minimapColor}
          nodeStrokeWidth={Math.max(2, extent(elements.nodes) / 80)}
          nodeBorderRadius={12}
        />
      )}
      <ConnectionHint />
    </ReactFlow>
  );
}

/** A double click on an own block opens its definition. */
function useOpenOwn() {
  const editor = useEditor();
  return useCallback(
    (_: unknown, { data }: BlockFlowNode) => {
      const { inside, whole } = editor.getState();
      const id = definitionOf(data.node.block);
      if (id !== null && Object.hasOwn(whole.definitions, id)) editor.enter([...inside, id]);
    },
    [editor],
  );
}

function minimapColor(node: BlockFlowNode): string {
  return `oklch(0.68 0.11 ${hueOf(node.data.schema?.category ?? "")})`;
}

/** How far the drawing reaches: in the map of a long chain, hairlines are made thick enough to see. */
function extent(nodes: readonly BlockFlowNode[]): number {
  const reach = (along: "x" | "y") => {
    const places = nodes.map((node) => node.position[along]);
    return Math.max(...places) - Math.min(...places);
  };
  return Math.max(reach("x"), reach("y"));
}

/** Drawing links: refused ones never come about; dropping on a block finds its free port. */
function useConnecting() {
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
  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
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
  return { isValidConnection, onConnect, onConnectEnd };
}

function pointerOf(event: MouseEvent | TouchEvent): Point {
  const { clientX, clientY } = "clientX" in event ? event : (event.changedTouches[0] as Touch);
  return { x: clientX, y: clientY };
}

function endsOf({ source, sourceHandle, target, targetHandle }: Connection): Ends {
  return { source, source_port: sourceHandle ?? "out", target, target_port: targetHandle ?? "in" };
}
