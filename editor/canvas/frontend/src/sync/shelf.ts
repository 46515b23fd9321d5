import type { Edit, Exposed, Json } from "../model/types";

/** What Python is asked to work out: own blocks and repeats made and taken apart. `within` is the definition that is open, "" none. */
export interface Packing {
  readonly nodes: readonly string[];
  readonly title: string;
  readonly params: readonly Exposed[];
  readonly instance: string;
  readonly within: string;
}

export interface Unpacking {
  readonly node: string;
  readonly within: string;
}

/** What is changed about the ports and parameters that an own block shows. */
export interface Showing {
  readonly side: "inputs" | "outputs";
  readonly port: string;
  readonly name: string;
  readonly param: string;
  readonly changes: ParamChanges;
}

/** A limit of null is that of the inner parameter again. */
export interface ParamChanges {
  readonly name?: string;
  readonly label?: string;
  readonly default?: Json;
  readonly min?: number | null;
  readonly max?: number | null;
}

/** One message to Python that waits until it is acknowledged. */
export interface Entry extends Partial<Packing>, Partial<Unpacking>, Partial<Showing> {
  readonly client: string;
  readonly number: number;
  readonly kind: "edit" | "undo" | "redo" | "pack" | "unpack" | "split" | "fold" | "rename_port" | "change_param";
  readonly label?: string;
  readonly edit?: Edit;
  /** Whether this edit and the one before it are one step of undo: letters typed in one go. */
  readonly continues?: boolean;
}

/**
 * Waiting entries by design and client, kept in memory and mirrored in browser storage, so that
 * neither a reload nor a crashed tab loses an edit. Storage that is full or forbidden is no error.
 */
export class Shelf {
  private readonly memory = new Map<string, readonly Entry[]>();

  constructor(private readonly storage: Storage | null) {}

  put(design: string, client: string, entries: readonly Entry[]): void {
    const key = keyOf(design, client);
    if (entries.length) this.memory.set(key, entries);
    else this.memory.delete(key);
    try {
      if (entries.length) this.storage?.setItem(key, JSON.stringify(entries));
      else this.storage?.removeItem(key);
    } catch {
      // The copy in memory remains.
    }
  }

  /** Everything that waits for a design, of every client, each client's entries in their order. */
  all(design: string): Entry[] {
    const prefix = keyOf(design, "");
    const keys = new Set([...this.memory.keys(), ...this.storedKeys()]);
    return [...keys]
      .filter((key) => key.startsWith(prefix))
      .flatMap((key) => this.memory.get(key) ?? this.stored(key));
  }

  private storedKeys(): string[] {
    try {
      return Object.keys(this.storage ?? {});
    } catch {
      return [];
    }
  }

  private stored(key: string): readonly Entry[] {
    try {
      const entries: unknown = JSON.parse(this.storage?.getItem(key) ?? "[]");
      return Array.isArray(entries) ? entries.filter(isEntry) : [];
    } catch {
      return [];
    }
  }
}

function keyOf(design: string, client: string): string {
  return `blockwright/outbox/${design}/${client}`;
}

function isEntry(value: unknown): value is Entry {
  const entry = value as Partial<Entry> | null;
  return typeof entry?.client === "string" && typeof entry.number === "number" && !!entry.kind;
}
