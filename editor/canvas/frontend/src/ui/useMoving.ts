import type { NodeChange } from "@xyflow/react";
import { type MouseEvent as ReactMouseEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { movement } from "../model/gestures";
import { type Box, type Guide, snap } from "../model/placing";
import { splicing } from "../model/surgery";
import type { Design, Gesture } from "../model/types";
import type { Editor } from "../state/editor";
import type { FlowNode, Places } from "./flowElements";
import { linkAt } from "./landing";

/** Arrow keys move step by step; the steps of one go are one edit. */
const KEY_STEPS_QUIET = 400;
const NOWHERE: Places = new Map();
const NO_GUIDES: readonly Guide[] = [];
/** With more blocks in hand than this, lines to others say nothing. */
const MOST_SNAPPED = 40;

/** Positions in flight belong to the canvas; where a move ends it becomes one edit. */
export function useMoving(editor: Editor) {
  const [places, setPlaces] = useState<Places>(NOWHERE);
  const [guides, setGuides] = useState(NO_GUIDES);
  const latest = useRef(places);
  const isFree = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const show = useCallback((next: Places) => {
    latest.current = next;
    setPlaces(next);
  }, []);
  const commit = useCallback(() => {
    clearTimeout(timer.current);
    setGuides(NO_GUIDES);
    const gesture = outcome(editor, latest.current);
    editor.hover(null);
    if (latest.current.size === 0) return;
    editor.apply(gesture);
    show(NOWHERE);
  }, [editor, show]);
  const move = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const next = moved(editor.getState().document, latest.current, changes);
      if (next.size === 0) return;
      const isDragged = [...next.values()].some((place) => place.dragging);
      const inLine = isDragged && !isFree.current ? lined(next, editor.getState().document) : null;
      setGuides(inLine?.guides ?? NO_GUIDES);
      show(inLine?.places ?? next);
      clearTimeout(timer.current);
      if (!isDragged) timer.current = setTimeout(commit, KEY_STEPS_QUIET);
    },
    [commit, editor, show],
  );
  const onNodeDrag = useCallback(
    (event: MouseEvent | TouchEvent | ReactMouseEvent, node: FlowNode, nodes: FlowNode[]) => {
      isFree.current = event.altKey;
      editor.hover(nodes.length === 1 ? linkUnder(event, node, editor) : null);
    },
    [editor],
  );
  useEffect(() => commit, [commit]);
  return useMemo(() => ({ places, guides, move, commit, onNodeDrag }), [places, guides, move, commit, onNodeDrag]);
}

function notePlace({ notes = {} }: Design, id: string) {
  const { x, y } = notes[id] ?? { x: 0, y: 0 };
  return Object.hasOwn(notes, id) ? { x, y } : null;
}

function moved(design: Design, places: Places, changes: readonly NodeChange<FlowNode>[]): Places {
  const next = new Map(places);
  for (const change of changes) {
    if (change.type === "position" && change.position) {
      const place = next.get(change.id);
      // The last word of a drag repeats where the pointer is; the block stays in the line it was pulled to.
      const at = place?.dragging && !change.dragging ? place : change.position;
      next.set(change.id, { ...place, x: at.x, y: at.y, dragging: change.dragging ?? false });
    } else if (change.type === "dimensions" && change.resizing !== undefined && change.dimensions) {
      const place = next.get(change.id) ?? notePlace(design, change.id);
      if (place) next.set(change.id, { ...place, ...change.dimensions, dragging: change.resizing });
    }
  }
  return next;
}

/** The dragged blocks in line with others, where they nearly are, and the lines to show. */
function lined(places: Places, { nodes }: Design) {
  const isResized = [...places.values()].some((place) => place.width !== undefined);
  if (places.size > MOST_SNAPPED || isResized) return null;
  const dragged: Box[] = [...places].map(([id, { x, y }]) => ({ id, x, y }));
  const { by, guides } = snap(dragged, nodes.filter((node) => !places.has(node.id)));
  const inLine = [...places].map(([id, place]) => [id, { ...place, x: place.x + by.x, y: place.y + by.y }] as const);
  return { guides, places: new Map(inLine) };
}

/** The link over which a block that is linked to nothing is held. */
function linkUnder(event: MouseEvent | TouchEvent | ReactMouseEvent, node: FlowNode, editor: Editor) {
  const { document, catalog } = editor.getState();
  const isLinked = document.links.some((link) => link.source === node.id || link.target === node.id);
  if (isLinked || !(event instanceof MouseEvent)) return null;
  // The event is heard at the window, where its target is the component's host: the path knows better.
  const [target] = event.composedPath();
  if (!(target instanceof Element)) return null;
  const root = target.getRootNode() as Document | ShadowRoot;
  const block = node.type === "block" ? node.data.node.block : "";
  return linkAt(root, { x: event.clientX, y: event.clientY }, catalog.get(block));
}

/** A move, or, where one free block was let go on a link, its insertion. */
function outcome(editor: Editor, places: Places): Gesture | null {
  const { document, catalog, hover } = editor.getState();
  const [only] = places;
  if (hover?.kind === "link" && places.size === 1 && only) {
    return splicing(document, catalog, only[0], hover.key, only[1]);
  }
  return movement(document, places);
}
