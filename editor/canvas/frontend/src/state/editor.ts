import { opened, within } from "../model/definitions";
import { share } from "../model/share";
import type { Design, Edit, Gesture, Notice, Payload } from "../model/types";
import { Outbox, type Outgoing } from "../sync/outbox";
import type { Entry } from "../sync/shelf";
import { type Answer, applied, kept, present, shownNumbers } from "./derive";
import { Screen } from "./screen";
import { Offers, type Shelves } from "./shelves";
import { EMPTY_STATE, type EditorState, isForgotten, isStale, type Status } from "./state";
import { Typing } from "./typing";
import type { Host } from "./voice";

export interface EditorOptions {
  readonly client: string;
  readonly storage: Storage | null;
}

/**
 * The document as the person sees it: Python's last answer with the waiting edits on top. It lives
 * as long as the page, so leaving the Design page and coming back finds it as it was.
 */
export class Editor extends Screen {
  private base: Design = EMPTY_STATE.document;
  private history: Payload["history"] = { undo: null, redo: null };
  private readonly typing = new Typing();
  /** The value of a drag that waits for the answer to the one before it. */
  private held: ({ readonly field: string } & Gesture) | null = null;
  private shelves: Shelves = { standard: [], own: [], elsewhere: [] };
  private readonly offers = new Offers();
  private answer: Answer = { overlay: EMPTY_STATE.overlay, dot: "", inside: null };
  /** A block that Python was asked to make: it is selected when it comes. */
  private awaited: string | null = null;
  private readonly outbox: Outbox;
  private readonly seenNotices = new Set<string>();

  constructor(options: EditorOptions) {
    super();
    this.outbox = new Outbox({ ...options, send: this.sendOutbox });
  }

  /** Take the newest functions of Streamlit: they change with every rerun. */
  connect(host: Host): void {
    this.voice.connect(host);
  }

  /** Say what is held, so that Python knows of a canvas that came back or has just begun. */
  greet(): void {
    this.outbox.send();
    if (this.open !== undefined) this.voice.inside(this.state);
  }

  /** The component has left the page: nothing can be sent until it is back. */
  leave(): void {
    this.endTyping();
    this.outbox.stop();
    this.voice.connect(null);
  }

  setConnected(connected: boolean): void {
    this.outbox.setConnected(connected);
    this.refresh({});
  }

  receive(payload: Payload): void {
    this.learn(payload);
    if (isStale(this.state, payload)) return;
    if (isForgotten(this.state, payload)) {
      this.outbox.send();
      return;
    }
    const switched = payload.design_id !== this.state.designId;
    if (switched) this.turnTo(payload.design_id);
    this.outbox.acknowledge(payload.design_id, payload.acknowledged);
    this.sendHeld();
    this.base = share(this.base, payload.document);
    this.history = payload.history;
    const { overlay, dot, inside = null } = payload;
    this.answer = share(this.answer, { overlay, dot, inside });
    this.refresh({
      designId: payload.design_id,
      revision: payload.revision,
      fit: payload.fit ?? null,
      pointed: payload.pointed?.design === payload.design_id ? payload.pointed : null,
      tabs: payload.tabs ?? 1,
      guest: payload.guest ?? false,
      notices: [...(switched ? [] : this.state.notices), ...this.unseen(payload.notices)],
    });
  }

  /** One gesture: shown at once, sent at once. */
  apply(gesture: Gesture | null): void {
    if (!gesture) return;
    this.endTyping();
    this.outbox.push({ kind: "edit", label: gesture.label, edit: this.ofTheWhole(gesture.edit) });
    this.refresh({});
  }

  /** A gesture about the whole design, wherever the person works. */
  applyToWhole({ label, edit }: Gesture): void {
    this.endTyping();
    this.outbox.push({ kind: "edit", label, edit });
    this.refresh({});
  }

  /** Begin the tour, on a design of its own where this one has blocks. */
  beginTour(): void {
    if (this.state.whole.nodes.length > 0) this.act({ kind: "new" });
    this.refresh({ tour: true, surface: null });
  }

  /** Open a definition by the way into it, or with [] the design itself. */
  enter(path: readonly string[]): void {
    this.endTyping();
    this.refresh({ inside: path, selection: [], selectedLinks: [] });
    this.voice.inside(this.state);
    this.voice.selection(this.getState);
  }

  /**
   * Ask Python for a change that it works out on the design as it is when this arrives. The block
   * `awaited` is selected when it comes.
   */
  ask(request: Omit<Entry, "client" | "number" | "within">, awaited: string | null = null): void {
    this.endTyping();
    this.outbox.push({ ...request, within: this.open ?? "" });
    this.awaited = awaited ?? this.awaited;
    this.refresh({});
  }

  /** Typing in a field: every letter is shown and sent at once, all of them are one step of undo. */
  type(field: string, { label, edit }: Gesture): void {
    const continues = this.typing.goesOn(field);
    this.outbox.push({ kind: "edit", label, edit: this.ofTheWhole(edit), ...(continues && { continues }) });
    this.refresh({});
  }

  /**
   * Dragging a number: every value is shown at once, and sent as soon as the one before it is
   * answered, so that all numbers keep up with the hand. The whole drag is one step of undo.
   */
  drag(field: string, gesture: Gesture): void {
    this.held = { field, ...gesture };
    this.sendHeld();
    this.refresh({});
  }

  endDrag(): void {
    this.sendHeld(true);
    this.endTyping();
  }

  /** What is typed next is a step of undo of its own. */
  endTyping(): void {
    this.typing.end();
  }

  /** Python keeps the history and answers with the document as it was. */
  travel(kind: "undo" | "redo"): void {
    this.endTyping();
    if (!this.state[kind]) return;
    this.outbox.push({ kind });
    this.refresh({});
  }

  /** Something that leaves the document: export, train, open a template. */
  act(action: { readonly kind: string; readonly [key: string]: string }): void {
    this.endTyping();
    this.voice.act(action);
  }

  private readonly sendOutbox = (design_id: string, attempt: number, edits: readonly Entry[]) => {
    const { revision } = this.state;
    const catalog = this.shelves.standard.length > 0;
    const insides = this.state.insides !== null;
    const value: Outgoing = { design_id, attempt, revision, edits, catalog, insides };
    this.voice.outbox(value);
  };

  private sendHeld(now = false): void {
    const { held } = this;
    if (!held || (this.outbox.pending.length > 0 && !now)) return;
    this.held = null;
    this.type(held.field, held);
    this.typing.rest();
  }

  private get open(): string | undefined {
    return this.state.inside.at(-1);
  }

  private ofTheWhole(edit: Edit): Edit {
    return this.open === undefined ? edit : within(this.state.whole, this.open, edit);
  }

  private learn({ catalog, own = [], elsewhere = [], templates, insides }: Payload): void {
    const { standard } = this.shelves;
    this.shelves = share(this.shelves, { standard: catalog ?? standard, own, elsewhere });
    if (insides) this.state = { ...this.state, insides };
    if (templates) this.state = { ...this.state, templates: share(this.state.templates, templates) };
  }

  private turnTo(design: string): void {
    this.endTyping();
    this.held = null;
    this.base = EMPTY_STATE.document;
    this.state = { ...this.state, selection: [], selectedLinks: [], folds: {}, inside: [], revision: -1, surface: null };
    this.outbox.open(design);
  }

  private unseen(notices: readonly Notice[]): readonly Notice[] {
    const fresh = notices.filter((notice) => !this.seenNotices.has(notice.id));
    for (const notice of fresh) this.seenNotices.add(notice.id);
    return fresh;
  }

  /** Work out the document and everything that follows from it, then tell the listeners. */
  protected refresh(change: Partial<EditorState>): void {
    const whole = share(this.state.whole, this.rebased());
    const inside = present(whole, change.inside ?? this.state.inside);
    const open = inside.at(-1);
    const document = share(this.state.document, open === undefined ? whole : opened(whole, open));
    const selection = this.arrived(document) ?? change.selection ?? this.state.selection;
    const numbers = shownNumbers(this.answer, inside);
    const waiting = this.outbox.pending.at(-1)?.label;
    this.state = {
      ...this.state,
      ...change,
      whole,
      document,
      inside: share(this.state.inside, inside),
      overlay: share(this.state.overlay, numbers.overlay),
      dot: numbers.dot,
      ...this.offers.at(open, this.shelves, whole),
      ...kept(
        document,
        selection,
        change.selectedLinks ?? this.state.selectedLinks,
        change.selectedNotes ?? this.state.selectedNotes,
      ),
      undo: waiting ?? this.history.undo,
      redo: waiting ? null : this.history.redo,
      status: this.status(),
    };
    this.tell();
  }

  private arrived(document: Design): readonly string[] | null {
    const id = this.awaited;
    if (id === null || !document.nodes.some((node) => node.id === id)) return null;
    this.awaited = null;
    return [id];
  }

  private rebased(): Design {
    const edits = this.outbox.pending.flatMap((entry) => entry.edit ?? []);
    if (this.held) edits.push(this.ofTheWhole(this.held.edit));
    return edits.reduce(applied, this.base);
  }

  private status(): Status {
    if (!this.outbox.online) return "offline";
    return this.outbox.pending.length ? "saving" : "saved";
  }
}
