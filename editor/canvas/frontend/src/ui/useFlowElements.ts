import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useCallback, useMemo, useState, useSyncExternalStore } from "react";
import { useEditor } from "../state/useEditor";
import { FlowElements, type FlowNode } from "./flowElements";
import { useMoving } from "./useMoving";

/** Nodes and edges for React Flow, and what its gestures mean for the document. */
export function useFlowElements() {
  const editor = useEditor();
  const state = useSyncExternalStore(editor.subscribe, editor.getState);
  const [maker] = useState(() => new FlowElements());
  const { places, guides, move, commit, onNodeDrag } = useMoving(editor);
  const nodes = useMemo<FlowNode[]>(
    () => [...maker.notes(state, places), ...maker.nodes(state, places)],
    [maker, state, places],
  );
  const edges = useMemo(() => maker.edges(state), [maker, state]);
  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      move(changes);
      const { selection, selectedLinks, selectedNotes, document } = editor.getState();
      const isNote = (change: SelectChange) => Object.hasOwn(document.notes ?? {}, change.id ?? "");
      const notes = selectionAfter(selectedNotes, changes.filter(isNote));
      const blocks = selectionAfter(selection, changes.filter((change) => !isNote(change)));
      editor.select(blocks, selectedLinks, notes);
    },
    [editor, move],
  );
  const onEdgesChange = useCallback(
    (changes: EdgeChange[]) => {
      const { selection, selectedLinks, selectedNotes } = editor.getState();
      editor.select(selection, selectionAfter(selectedLinks, changes), selectedNotes);
    },
    [editor],
  );
  const handlers = { onNodesChange, onEdgesChange, onNodeDrag, onNodeDragStop: commit, onSelectionDragStop: commit };
  return { guides, elements: { nodes, edges, ...handlers } };
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
