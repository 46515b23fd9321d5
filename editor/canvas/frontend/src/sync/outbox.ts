import { type Entry, Shelf } from "./shelf";

/** The value of the component's `outbox` state. */
export interface Outgoing {
  readonly design_id: string;
  readonly attempt: number;
  readonly revision: number;
  readonly edits: readonly Entry[];
  /** Whether this canvas holds the block catalogue already. */
  readonly catalog: boolean;
  /** Whether it holds the pictures of block types already. */
  readonly insides: boolean;
}

export interface OutboxOptions {
  readonly client: string;
  readonly storage: Storage | null;
  /** Hands the whole queue to Streamlit. It may be lost on the way: that is what resending is for. */
  readonly send: (design: string, attempt: number, edits: readonly Entry[]) => void;
}

const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 16_000;

/**
 * Edits on their way to Python: numbered per client, sent at once, sent again until acknowledged.
 * Python applies each (client, number) at most once, so sending too often is always safe.
 */
export class Outbox {
  private readonly shelf: Shelf;
  private queue: readonly Entry[] = [];
  private design = "";
  private lastNumber = 0;
  private attempt = 0;
  private connected = true;
  private wait = FIRST_WAIT;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: OutboxOptions) {
    this.shelf = new Shelf(options.storage);
  }

  get pending(): readonly Entry[] {
    return this.queue;
  }

  get online(): boolean {
    return this.connected;
  }

  /** Turn to a design and adopt what waits for it, whoever typed it: a closed tab, a crashed one. */
  open(design: string): void {
    if (design === this.design) return;
    this.design = design;
    this.queue = this.shelf.all(design);
    this.wait = FIRST_WAIT;
    if (this.queue.length) this.send();
  }

  push(message: Omit<Entry, "client" | "number">): void {
    this.lastNumber += 1;
    const { client } = this.options;
    this.queue = [...this.queue, { client, number: this.lastNumber, ...message }];
    this.save(client);
    this.wait = FIRST_WAIT;
    this.send();
  }

  /** Forget what Python has stored: every number up to the last it names, client by client. */
  acknowledge(design: string, last: { readonly [client: string]: number }): void {
    if (design !== this.design) return;
    const left = this.queue.filter((entry) => entry.number > (last[entry.client] ?? 0));
    if (left.length === this.queue.length) return;
    const clients = new Set(this.queue.map((entry) => entry.client));
    this.queue = left;
    for (const client of clients) this.save(client);
    this.wait = FIRST_WAIT;
    this.rest();
  }

  setConnected(connected: boolean): void {
    if (connected === this.connected) return;
    this.connected = connected;
    this.wait = FIRST_WAIT;
    if (connected && this.queue.length) this.send();
    else this.rest();
  }

  /** Say what is held, edits or none: the greeting of a canvas that has just mounted. */
  send(): void {
    if (!this.design) return;
    this.attempt += 1;
    if (this.connected) this.options.send(this.design, this.attempt, this.queue);
    this.rest();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private rest(): void {
    clearTimeout(this.timer);
    if (!this.queue.length || !this.connected) return;
    this.timer = setTimeout(() => {
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
      this.send();
    }, this.wait);
  }

  private save(client: string): void {
    const entries = this.queue.filter((entry) => entry.client === client);
    this.shelf.put(this.design, client, entries);
  }
}
