import { following, versionFor } from "./carried";
import { EditError } from "./errors";
import { freeName } from "./naming";
import { changedNotes } from "./notes";
import type { Budget, Carried, Definition, Design, DesignNode, Edit, Link, NodePatch, Params } from "./types";

export { EditError };

export interface Applied {
  readonly document: Design;
  /** Takes the edit back, touching exactly the fields the edit touched. */
  readonly inverse: Edit;
}

/** Apply a whole edit or none of it. The same rules as Python's `Design.apply`; one fixture tests both. */
export function applyEdit(document: Design, edit: Edit): Applied {
  const draft = new Draft(document);
  for (const [id, data] of Object.entries(edit.definitions ?? {})) draft.changeDefinition(id, data);
  if (edit.name !== undefined) draft.rename(edit.name);
  if (edit.weights !== undefined) draft.carry(edit.weights);
  if (edit.budget !== undefined) draft.limit(edit.budget);
  for (const [id, patch] of inTurn(document, edit.nodes ?? {})) draft.changeNode(id, patch);
  for (const [key, value] of Object.entries(edit.links ?? {})) draft.changeLink(key, value);
  return withNotes(draft.finish(), edit.notes);
}

/** A design without notes says nothing of them. */
function withNotes({ document, inverse }: Applied, changes: Edit["notes"]): Applied {
  if (!changes) return { document, inverse };
  const { notes: before = {}, ...rest } = document;
  const { notes, inverse: back } = changedNotes(before, changes);
  return {
    document: Object.keys(notes).length ? { ...rest, notes } : rest,
    inverse: Object.keys(back).length ? { ...inverse, notes: back } : inverse,
  };
}

/** What goes or gets another name comes first: it leaves its name to the new. */
function inTurn(document: Design, nodes: NonNullable<Edit["nodes"]>): [string, NodePatch | null][] {
  const known = new Set(document.nodes.map((node) => node.id));
  const turn = ([id, patch]: [string, NodePatch | null]) => (patch === null ? 0 : known.has(id) ? 1 : 2);
  return Object.entries(nodes).sort((a, b) => turn(a) - turn(b));
}

export function linkKey(link: Omit<Link, "order">): string {
  return `${link.source}:${link.source_port}>${link.target}:${link.target_port}`;
}

export function parseLinkKey(key: string): Omit<Link, "order"> {
  const parts = /^([\w-]+):([\w-]+)>([\w-]+):([\w-]+)$/.exec(key);
  if (!parts) {
    throw new EditError(`"${key}" is not a link: write source:port>target:port.`);
  }
  const [, source = "", source_port = "", target = "", target_port = ""] = parts;
  return { source, source_port, target, target_port };
}

const EMPTY_NODE: Omit<DesignNode, "id" | "name" | "block"> = {
  params: {},
  repeat: 1,
  first: {},
  frozen: false,
  note: "",
  x: 0,
  y: 0,
  layer_names: {},
};

/** A document being changed, with the inverse growing beside it. */
class Draft {
  private name: string;
  private weights: Carried | null;
  private budget: Budget | null;
  private readonly nodes: Map<string, DesignNode>;
  private readonly links: Map<string, Link>;
  private readonly definitions: Map<string, Definition>;
  private readonly inverse: {
    name?: string;
    weights?: Carried | null;
    budget?: Budget | null;
    definitions: Writable<"definitions">;
    nodes: Writable<"nodes">;
    links: Writable<"links">;
  };

  constructor(private readonly before: Design) {
    this.name = before.name;
    this.weights = before.weights ?? null;
    this.budget = before.budget ?? null;
    this.nodes = new Map(before.nodes.map((node) => [node.id, node]));
    this.links = new Map(before.links.map((link) => [linkKey(link), link]));
    this.definitions = new Map(Object.entries(before.definitions));
    this.inverse = { definitions: {}, nodes: {}, links: {} };
  }

  changeDefinition(id: string, data: Definition | null): void {
    this.inverse.definitions[id] = this.definitions.get(id) ?? null;
    if (data) this.definitions.set(id, data);
    else this.definitions.delete(id);
  }

  rename(name: string): void {
    this.inverse.name = this.name;
    this.name = name;
  }

  carry(weights: Carried | null): void {
    this.inverse.weights = this.weights;
    this.weights = weights;
  }

  limit(budget: Budget | null): void {
    this.inverse.budget = this.budget;
    this.budget = budget && { batch_size: 32, ...budget };
  }

  changeNode(id: string, patch: NodePatch | null): void {
    const node = this.nodes.get(id);
    if (patch === null) {
      if (node) this.removeNode(node);
    } else if (patch.block !== undefined) {
      this.inverse.nodes[id] = node ? wholePatch(node) : null;
      this.put(this.withFreeName(newNode(id, patch)));
    } else if (node) {
      this.inverse.nodes[id] = inversePatch(node, patch);
      this.put(this.withFreeName(patched(node, patch)));
    } else {
      const fields = Object.keys(patch.params ?? patch).join(", ");
      throw new EditError(`A block was removed meanwhile: its change of ${fields} no longer applies.`);
    }
  }

  changeLink(key: string, value: { readonly order?: number } | null): void {
    const link = this.links.get(key);
    if (value === null) {
      if (link) this.removeLink(key, link);
      return;
    }
    const ends = parseLinkKey(key);
    for (const id of [ends.source, ends.target]) {
      if (!this.nodes.has(id)) {
        throw new EditError(`A block was removed meanwhile: the link ${key} no longer applies.`);
      }
    }
    if (!(key in this.inverse.links)) this.inverse.links[key] = link ? { order: link.order } : null;
    this.links.set(key, { ...ends, order: value.order ?? 0 });
  }

  finish(): Applied {
    const { name, weights, budget, definitions, nodes, links } = this.inverse;
    const inverse: Edit = {
      ...(name === undefined ? {} : { name }),
      ...(weights === undefined ? {} : { weights }),
      ...(budget === undefined ? {} : { budget }),
      ...(Object.keys(definitions).length ? { definitions } : {}),
      ...(Object.keys(nodes).length ? { nodes } : {}),
      ...(Object.keys(links).length ? { links } : {}),
    };
    const { weights: _, budget: __, ...before } = this.before;
    const document = {
      ...before,
      version: versionFor(this.weights, this.budget),
      name: this.name,
      nodes: [...this.nodes.values()],
      links: [...this.links.values()],
      definitions: Object.fromEntries(this.definitions),
      ...(this.weights ? { weights: this.weights } : {}),
      ...(this.budget ? { budget: this.budget } : {}),
    };
    return { document, inverse };
  }

  private put(node: DesignNode): void {
    const before = this.nodes.get(node.id)?.name ?? node.name;
    if (this.weights && before !== node.name) {
      this.weights = following(this.weights, node.id, before, node.name);
    }
    this.nodes.set(node.id, node);
  }

  private removeNode(node: DesignNode): void {
    for (const [key, link] of [...this.links]) {
      if (link.source === node.id || link.target === node.id) this.removeLink(key, link);
    }
    this.inverse.nodes[node.id] = wholePatch(node);
    this.nodes.delete(node.id);
  }

  private removeLink(key: string, link: Link): void {
    this.inverse.links[key] = { order: link.order };
    this.links.delete(key);
  }

  private withFreeName(node: DesignNode): DesignNode {
    const others = [...this.nodes.values()].filter((other) => other.id !== node.id);
    const name = freeName(node.name, new Set(others.map((other) => other.name)));
    return name === node.name ? node : { ...node, name };
  }
}

type Writable<Part extends "definitions" | "nodes" | "links"> = {
  -readonly [K in keyof NonNullable<Edit[Part]>]: NonNullable<Edit[Part]>[K];
};

function newNode(id: string, patch: NodePatch): DesignNode {
  const { block = "", name = "block", ...fields } = patch;
  const node = { id, name, block, ...EMPTY_NODE, ...fields };
  return { ...node, params: mergeParams({}, node.params) };
}

function patched(node: DesignNode, patch: NodePatch): DesignNode {
  const params = patch.params ? mergeParams(node.params, patch.params) : node.params;
  return { ...node, ...patch, params };
}

/** Merge key by key; null means "back to the default", which is what a missing key stands for. */
function mergeParams(params: Params, changes: Params): Params {
  const merged = Object.entries({ ...params, ...changes });
  return Object.fromEntries(merged.filter(([, value]) => value !== null));
}

function wholePatch(node: DesignNode): NodePatch {
  const { id: _, ...patch } = node;
  return patch;
}

function inversePatch(node: DesignNode, patch: NodePatch): NodePatch {
  const fields = Object.keys(patch) as (keyof NodePatch)[];
  const former = Object.fromEntries(fields.map((field) => [field, node[field]])) as NodePatch;
  if (!patch.params) return former;
  const names = Object.keys(patch.params);
  const params = Object.fromEntries(names.map((name) => [name, node.params[name] ?? null]));
  return { ...former, params };
}
