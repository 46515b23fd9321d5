import type { Catalog } from "../src/model/connections";
import type { BlockSchema, Design, DesignNode, Link, ParamSchema, Payload } from "../src/model/types";
import { EMPTY_STATE } from "../src/state/state";

/** Small designs and a small catalogue for the tests. */

export function param(name: string, more: Partial<ParamSchema> = {}): ParamSchema {
  return { name, kind: "integer", default: 1, label: name, help: "", ...more };
}

export function schema(type: string, more: Partial<BlockSchema> = {}): BlockSchema {
  return {
    type,
    title: type,
    category: "Convolution",
    summary: "",
    citation: "",
    keywords: "",
    inputs: [{ name: "in", many: false }],
    outputs: [{ name: "out" }],
    params: [],
    ...more,
  };
}

export const CATALOG: Catalog = new Map(
  [
    schema("Image", { category: "Input", inputs: [] }),
    schema("Conv", { title: "Convolution", params: [param("filters", { label: "Filters" })] }),
    schema("Add", { category: "Merge", inputs: [{ name: "in", many: true }] }),
  ].map((block) => [block.type, block]),
);

export function node(id: string, block = "Conv", more: Partial<DesignNode> = {}): DesignNode {
  const fields = { params: {}, repeat: 1, first: {}, frozen: false, note: "", x: 0, y: 0, layer_names: {} };
  return { id, name: id, block, ...fields, ...more };
}

export function link(source: string, target: string, order = 0): Link {
  return { source, source_port: "out", target, target_port: "in", order };
}

export function design(nodes: DesignNode[], links: Link[] = []): Design {
  return { format: "blockwright", version: 1, name: "tiny", nodes, links, definitions: {} };
}

export function payload(document: Design, more: Partial<Payload> = {}): Payload {
  return {
    design_id: "d1",
    revision: 1,
    acknowledged: {},
    document,
    overlay: EMPTY_STATE.overlay,
    dot: "",
    history: { undo: null, redo: null },
    notices: [],
    catalog: [...CATALOG.values()],
    templates: [],
    ...more,
  };
}

/** Browser storage that lives as long as the test. */
export class MemoryStorage implements Storage {
  [key: string]: unknown;

  get length(): number {
    return Object.keys(this).length;
  }

  clear(): void {
    for (const key of Object.keys(this)) delete this[key];
  }

  getItem(key: string): string | null {
    return (this[key] as string | undefined) ?? null;
  }

  key(index: number): string | null {
    return Object.keys(this)[index] ?? null;
  }

  removeItem(key: string): void {
    delete this[key];
  }

  setItem(key: string, value: string): void {
    this[key] = value;
  }
}
