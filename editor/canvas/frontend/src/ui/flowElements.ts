import type { Edge, Node } from "@xyflow/react";
import type { Catalog } from "../model/connections";
import { linkKey } from "../model/edit";
import { lanes } from "../model/routes";
import { NODE_HEIGHT, NODE_WIDTH, type Point } from "../model/layout";
import { share } from "../model/share";
import type { BlockSchema, Design, DesignNode, Link, NodeFacts, Note, Problem } from "../model/types";
import type { EditorState, Hover } from "../state/state";

export interface BlockData extends Record<string, unknown> {
  readonly node: DesignNode;
  readonly schema: BlockSchema | undefined;
  readonly facts: NodeFacts | undefined;
  readonly problems: readonly Problem[];
  /** Whether the repetitions of a repeated block are shown one by one. */
  readonly unfolded: boolean;
}

export type BlockFlowNode = Node<BlockData, "block">;

export type NoteFlowNode = Node<{ readonly note: Note }, "note">;
export type FlowNode = BlockFlowNode | NoteFlowNode;

/** Where nodes are while they are being dragged, before the drag becomes an edit. */
export type Places = ReadonlyMap<string, PlaceInFlight>;

export interface PlaceInFlight extends Point {
  readonly dragging: boolean;
  /** The size of a note that is being pulled larger or smaller. */
  readonly width?: number;
  readonly height?: number;
}

const SIZE = { width: NODE_WIDTH, height: NODE_HEIGHT };
const NO_PROBLEMS: readonly Problem[] = [];

/**
 * React Flow's nodes and edges, made from the document. Each is the same object as the last time unless
 * something it shows has changed: that is what keeps 200 blocks as quick as 20.
 */
export class FlowElements {
  private cache = new Map<string, BlockFlowNode>();
  private catalog: Catalog | null = null;
  private formerEdges: Edge[] = [];
  private formerNotes: NoteFlowNode[] = [];
  private lanes: ReadonlyMap<string, number> = new Map();
  private lanesKey = "";
  private lanesFor: readonly Link[] = [];

  edges({ document, selectedLinks, hover }: EditorState): Edge[] {
    const over = hover?.kind === "link" ? hover.key : null;
    this.formerEdges = share(this.formerEdges, edgesOf(document, selectedLinks, over, this.lanesOf(document)));
    return this.formerEdges;
  }

  /** Worked out again only when a block moved or a link changed. */
  private lanesOf({ nodes, links }: Design): ReadonlyMap<string, number> {
    const key = nodes.map((node) => `${node.id} ${node.x} ${node.y}`).join();
    if (this.lanesKey !== key || this.lanesFor !== links) this.lanes = lanes({ nodes, links });
    this.lanesKey = key;
    this.lanesFor = links;
    return this.lanes;
  }

  /** Notes lie under the blocks. */
  notes({ document, selectedNotes }: EditorState, places: Places): NoteFlowNode[] {
    this.formerNotes = share(this.formerNotes, notesOf(document, selectedNotes, places));
    return this.formerNotes;
  }

  nodes({ document, overlay, catalog, selection, hover, folds }: EditorState, places: Places): BlockFlowNode[] {
    if (this.catalog !== catalog) this.cache.clear();
    this.catalog = catalog;
    const selected = new Set(selection);
    const mark = marker(hover);
    const problems = Map.groupBy(overlay.problems, (problem) => problem.node);
    const nodes = document.nodes.map((node) => {
      const facts = overlay.nodes[node.id];
      const schema = catalog.get(node.block);
      const unfolded = node.repeat > 1 && folds[node.id] === true;
      const data = { node, schema, facts, problems: problems.get(node.id) ?? NO_PROBLEMS, unfolded };
      return this.reuse(data, places.get(node.id), selected.has(node.id), mark(node.id));
    });
    this.cache = new Map(nodes.map((node) => [node.id, node]));
    return nodes;
  }

  private reuse(
    data: BlockData,
    place: (Point & { dragging: boolean }) | undefined,
    selected: boolean,
    className: string,
  ): BlockFlowNode {
    const { node } = data;
    const former = this.cache.get(node.id);
    const { x, y } = place ?? node;
    const dragging = place?.dragging ?? false;
    const sameData = former !== undefined && sameFacts(former.data, data);
    const samePlace = former?.position.x === x && former.position.y === y && former.dragging === dragging;
    const sameLook = former?.selected === selected && former.className === className;
    if (sameData && samePlace && sameLook) return former;
    return {
      id: node.id,
      type: "block",
      position: { x, y },
      data: sameData ? former.data : data,
      selected,
      className,
      dragging,
      ariaLabel: spoken(data),
      measured: SIZE,
      ...SIZE,
    };
  }
}

function notesOf({ notes = {} }: Design, selected: readonly string[], places: Places): NoteFlowNode[] {
  return Object.entries(notes).map(([id, note]) => {
    const { x, y, width = note.width, height = note.height } = places.get(id) ?? note;
    const size = { width, height };
    const ariaLabel = `Note: ${note.text}`;
    const look = { selected: selected.includes(id), zIndex: -1, ariaLabel, measured: size, ...size };
    return { id, type: "note" as const, position: { x, y }, data: { note }, ...look };
  });
}

/** How blocks look under what is being dragged: where it would land, where a link may end and where not. */
function marker(hover: Hover | null): (id: string) => string {
  if (hover?.kind === "node") return (id) => (id === hover.id ? "landing" : "");
  if (hover?.kind !== "welcome") return () => "";
  const welcome = new Set([hover.from, ...hover.ids]);
  return (id) => (welcome.has(id) ? "welcome" : "unwelcome");
}

function spoken({ node, schema, facts, problems }: BlockData): string {
  const parts = [node.name, schema?.title, facts?.shape && `output ${facts.shape}`];
  return [...parts, ...problems.map((problem) => problem.message)].filter(Boolean).join(", ");
}

function sameFacts(a: BlockData, b: BlockData): boolean {
  const sameProblems =
    a.problems.length === b.problems.length && a.problems.every((one, i) => one === b.problems[i]);
  const sameNode = a.node === b.node && a.schema === b.schema && a.unfolded === b.unfolded;
  return sameNode && a.facts === b.facts && sameProblems;
}

function edgesOf(
  { nodes, links }: Design,
  selected: readonly string[],
  over: string | null,
  lanes: ReadonlyMap<string, number>,
): Edge[] {
  const names = new Map(nodes.map((node) => [node.id, node.name]));
  return links.map((link) => {
    const id = linkKey(link);
    const lane = lanes.get(id);
    return {
      id,
      source: link.source,
      sourceHandle: link.source_port,
      target: link.target,
      targetHandle: link.target_port,
      selected: selected.includes(id),
      className: id === over ? "landing" : "",
      ...(lane !== undefined && { type: "lane", data: { lane } }),
      interactionWidth: 18,
      ariaLabel: `Link from ${names.get(link.source)} to ${names.get(link.target)}`,
    };
  });
}
