import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { movement } from "../model/gestures";
import type { Editor } from "../state/editor";
import { useEditor } from "../state/useEditor";
import { type BlockFlowNode, FlowElements, type Places } from "./flowElements";

/** Arrow keys move step by step; the steps of one go are one edit. */
const KEY_STEPS_QUIET = 400;
const NOWHERE: Places = new Map();

/** Nodes and edges for React Flow, and what its gestures mean for the document. */
export function useFlowElements() {
  const editor = useEditor();
  const state = useSyncExternalStore(editor.subscribe, editor.getState);
  const [maker] = useState(() => new FlowElements());
  const { places, move, commit } = useMoving(editor);
  const nodes = useMemo(() => maker.nodes(state, places), [maker, state, places]);
  const { document, selectedLinks } = state;
  const edges = useMemo(() => maker.edges(document, selectedLinks), [maker, document, selectedLinks]);
  const onNodesChange = useCallback(
    (changes: NodeChange<BlockFlowNode>[]) => {
      move(changes);
      const { selection, selectedLinks } = editor.getState();
      editor.select(selectionAfter(selection, changes), selectedLinks);
    },
    [editor, move],
  );
  const onEdgesChange = useCallback(
    (changes: EdgeChange[]) => {
      const { selection, selectedLinks } = editor.getState();
      editor.select(selection, selectionAfter(selectedLinks, changes));
    },
    [editor],
  );
  return { nodes, edges, onNodesChange, onEdgesChange, onNodeDragStop: commit, onSelectionDragStop: commit };
}

/** Positions in flight belong to the canvas; where a move ends it becomes one edit. */
function useMoving(editor: Editor) {
  const [places, setPlaces] = useState<Places>(NOWHERE);
  const latest = useRef(places);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const show = useCallback((next: Places) => {
    latest.current = next;
    setPlaces(next);
  }, []);
  const commit = useCallback(() => {
    clearTimeout(timer.current);
    if (latest.current.size === 0) return;
    editor.apply(movement(editor.getState().document, latest.current));
    show(NOWHERE);
  }, [editor, show]);
  const move = useCallback(
    (changes: NodeChange<BlockFlowNode>[]) => {
      const next = new Map(latest.current);
      for (const change of changes) {
        if (change.type !== "position" || !change.position) continue;
        next.set(change.id, { ...change.position, dragging: change.dragging ?? false });
      }
      if (next.size === 0) return;
      show(next);
      clearTimeout(timer.current);
      if (![...next.values()].some((place) => place.dragging)) {
        timer.current = setTimeout(commit, KEY_STEPS_QUIET);
      }
    },
    [commit, show],
  );
  useEffect(() => commit, [commit]);
  return { places, move, commit };
}

type SelectChange = { type: string; id?: string; selected?: boolean };

function selectionAfter(selection: readonly string[], changes: readonly SelectChange[]): readonly string[] {
  const selects = changes.filter((change) => change.type === "select");
  if (selects.length === 0) return selection;
  const next = new Set(selection);
  for (const { id = "", selected } of selects) {
    if (selected) next.add(id);
    else next.delete(id);
  }
  return [...next];
}
