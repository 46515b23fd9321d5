import {
  Background,
  BackgroundVariant,
  Controls,
  MiniMap,
  ReactFlow,
  useReactFlow,
  useStore,
} from "@xyflow/react";
import { GRID, type Point } from "../model/layout";
import { BlockNode } from "./BlockNode";
import { ConnectionHint } from "./ConnectionHint";
import type { FlowNode } from "./flowElements";
import { Guides } from "./Guides";
import { LaneEdge } from "./LaneEdge";
import { NoteCard } from "./NoteCard";
import { hueOf } from "./theme";
import { useConnecting } from "./useConnecting";
import { useFlowElements } from "./useFlowElements";
import { useMenus } from "./useMenus";
import { MINIMAP_FROM, useOpeningView } from "./useViews";
import { usePointed } from "./usePointed";

const NODE_TYPES = { block: BlockNode, note: NoteCard };
const EDGE_TYPES = { lane: LaneEdge };
const SNAP: [number, number] = [GRID, GRID];
/** Below this zoom a block shows its name only, large enough to read. */
const FAR = 0.42;
const NOTE_COLOR = "oklch(0.88 0.08 95)";
const SEVERAL = ["Shift", "Meta", "Control"];

/** The drawing itself: React Flow shows the document and turns gestures into edits. */
export function FlowPane({ colorMode }: { colorMode: "light" | "dark" }) {
  usePointed();
  const { elements, guides } = useFlowElements();
  const connecting = useConnecting();
  const isFar = useStore((store) => store.transform[2] < FAR);
  useOpeningView();
  const menus = useMenus();
  const flow = useReactFlow();
  const goTo = ({ x, y }: Point) => void flow.setCenter(x, y, { zoom: flow.getZoom(), duration: 160 });
  return (
    <ReactFlow
      {...elements}
      {...connecting}
      {...menus}
      className={isFar ? "far" : ""}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
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
    >
      <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} />
      <Controls showInteractive={false} showFitView={false} position="bottom-left" />
      {elements.nodes.length >= MINIMAP_FROM && (
        <MiniMap
          pannable
          zoomable
          onClick={(_, place) => goTo(place)}
          position="bottom-right"
          nodeColor={minimapColor}
          nodeStrokeColor={minimapColor}
          nodeStrokeWidth={Math.max(2, extent(elements.nodes) / 80)}
          nodeBorderRadius={12}
        />
      )}
      <ConnectionHint />
      <Guides guides={guides} />
    </ReactFlow>
  );
}

function minimapColor(node: FlowNode): string {
  if (node.type === "note") return NOTE_COLOR;
  return `oklch(0.68 0.11 ${hueOf(node.data.schema?.category ?? "")})`;
}

/** How far the drawing reaches: in the map of a long chain, hairlines are made thick enough to see. */
function extent(nodes: readonly FlowNode[]): number {
  const reach = (along: "x" | "y") => {
    const places = nodes.map((node) => node.position[along]);
    return Math.max(...places) - Math.min(...places);
  };
  return Math.max(reach("x"), reach("y"));
}
