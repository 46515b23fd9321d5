import { applyEdit, EditError, linkKey } from "../model/edit";
import { idsOf } from "../model/folds";
import { share } from "../model/share";
import type { Design, Edit, Gesture, Notice, Payload } from "../model/types";
import { Outbox, type Outgoing } from "../sync/outbox";
import type { Entry } from "../sync/shelf";
import { EMPTY_STATE, type EditorState, isStale, type Status } from "./state";

/** What Streamlit lets a component say. */
export interface Host {
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
}

export interface EditorOptions {
  readonly client: string;
  readonly storage: Storage | null;
}

/** Letters typed into one field without a longer pause are one step of undo. */
const TYPING_PAUSE = 1_000;
const SELECTION_QUIET = 250;

/**
 * The document as the person sees it: Python's last answer with the waiting edits on top. It lives
 * as long as the page, so leaving the Design page and coming back finds it as it was.
 */
export class Editor {
  private state: EditorState = EMPTY_STATE;
  private base: Design = EMPTY_STATE.document;
  private history: Payload["history"] = { undo: null, redo: null };
  private typedField: string | null = null;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private selectionTimer: ReturnType<typeof setTimeout> | undefined;
  private host: Host | null = null;
  private readonly outbox: Outbox;
  private readonly listeners = new Set<() => void>();
  private readonly seenNotices = new Set<string>();

  constructor(options: EditorOptions) {
    this.outbox = new Outbox({ ...options, send: this.sendOutbox });
  }

  readonly getState = (): EditorState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Take the newest functions of Streamlit: they change with every rerun. */
  connect(host: Host): void {
    this.host = host;
  }

  /** Say what is held, so that Python knows of a canvas that came back or has just begun. */
  greet(): void {
    this.outbox.send();
  }

  /** The component has left the page: nothing can be sent until it is back. */
  leave(): void {
    this.endTyping();
    this.outbox.stop();
    this.host = null;
  }

  setConnected(connected: boolean): void {
    this.outbox.setConnected(connected);
    this.refresh({});
  }

  receive(payload: Payload): void {
    this.learn(payload);
    if (isStale(this.state, payload)) return;
    const switched = payload.design_id !== this.state.designId;
    if (switched) this.turnTo(payload.design_id);
    this.outbox.acknowledge(payload.design_id, payload.acknowledged);
    this.base = share(this.base, payload.document);
    this.history = payload.history;
    this.refresh({
      designId: payload.design_id,
      revision: payload.revision,
      overlay: share(this.state.overlay, payload.overlay),
      dot: payload.dot,
      notices: [...(switched ? [] : this.state.notices), ...this.unseen(payload.notices)],
    });
  }

  /** One gesture: shown at once, sent at once. */
  apply(gesture: Gesture | null): void {
    if (!gesture) return;
    this.endTyping();
    this.outbox.push({ kind: "edit", label: gesture.label, edit: gesture.edit });
    this.refresh({});
  }

  /** Typing in a field: every letter is shown and sent at once, all of them are one step of undo. */
  type(field: string, { label, edit }: Gesture): void {
    const continues = this.typedField === field;
    this.outbox.push({ kind: "edit", label, edit, ...(continues && { continues }) });
    this.typedField = field;
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.endTyping(), TYPING_PAUSE);
    this.refresh({});
  }

  /** What is typed next is a step of undo of its own. */
  endTyping(): void {
    clearTimeout(this.typingTimer);
    this.typedField = null;
  }

  /** Python keeps the history and answers with the document as it was. */
  travel(kind: "undo" | "redo"): void {
    this.endTyping();
    if (!this.state[kind]) return;
    this.outbox.push({ kind });
    this.refresh({});
  }

  select(nodes: readonly string[], links: readonly string[] = []): void {
    const selection = share(this.state.selection, nodes);
    const selectedLinks = share(this.state.selectedLinks, links);
    if (selection === this.state.selection && selectedLinks === this.state.selectedLinks) return;
    if (selection !== this.state.selection) this.tellSelection();
    this.refresh({ selection, selectedLinks });
  }

  /** Show or hide a block's layers in the diagram; Python draws it. */
  fold(id: string, unfolded: boolean): void {
    this.refresh({ folds: { ...this.state.folds, [id]: unfolded } });
    this.tellFolds();
  }

  /** Something that leaves the document: export, train, open a template. */
  act(action: { readonly kind: string; readonly [key: string]: string }): void {
    this.endTyping();
    this.host?.setTriggerValue("action", action);
  }

  say(message: string): void {
    const notice = { id: crypto.randomUUID(), message };
    this.refresh({ notices: [...this.state.notices, notice] });
  }

  dismiss(id: string): void {
    this.refresh({ notices: this.state.notices.filter((notice) => notice.id !== id) });
  }

  private readonly sendOutbox = (design_id: string, attempt: number, edits: readonly Entry[]) => {
    const { revision, blocks } = this.state;
    const value: Outgoing = { design_id, attempt, revision, edits, catalog: blocks.length > 0 };
    this.host?.setStateValue("outbox", value);
  };

  private learn({ catalog, templates }: Payload): void {
    if (catalog) {
      const blocks = share(this.state.blocks, catalog);
      this.state = { ...this.state, blocks, catalog: new Map(blocks.map((one) => [one.type, one])) };
    }
    if (templates) this.state = { ...this.state, templates: share(this.state.templates, templates) };
  }

  private turnTo(design: string): void {
    this.endTyping();
    this.base = EMPTY_STATE.document;
    this.state = { ...this.state, selection: [], selectedLinks: [], folds: {}, revision: -1 };
    this.outbox.open(design);
  }

  private tellFolds(): void {
    const { designId, folds } = this.state;
    const value = { design_id: designId, folded: idsOf(folds, false), unfolded: idsOf(folds, true) };
    this.host?.setStateValue("folds", value);
  }

  private unseen(notices: readonly Notice[]): readonly Notice[] {
    const fresh = notices.filter((notice) => !this.seenNotices.has(notice.id));
    for (const notice of fresh) this.seenNotices.add(notice.id);
    return fresh;
  }

  private tellSelection(): void {
    clearTimeout(this.selectionTimer);
    this.selectionTimer = setTimeout(() => {
      this.host?.setStateValue("selection", this.state.selection);
    }, SELECTION_QUIET);
  }

  /** Work out the document and everything that follows from it, then tell the listeners. */
  private refresh(change: Partial<EditorState>): void {
    const document = share(this.state.document, this.rebased());
    const waiting = this.outbox.pending.at(-1)?.label;
    this.state = {
      ...this.state,
      ...change,
      document,
      ...kept(
        document,
        change.selection ?? this.state.selection,
        change.selectedLinks ?? this.state.selectedLinks,
      ),
      undo: waiting ?? this.history.undo,
      redo: waiting ? null : this.history.redo,
      status: this.status(),
    };
    for (const listener of this.listeners) listener();
  }

  private rebased(): Design {
    const edits = this.outbox.pending.flatMap((entry) => entry.edit ?? []);
    return edits.reduce(applied, this.base);
  }

  private status(): Status {
    if (!this.outbox.online) return "offline";
    return this.outbox.pending.length ? "saving" : "saved";
  }
}

/** Python answers an edit that no longer fits with a notice; until then it is left out. */
function applied(document: Design, edit: Edit): Design {
  try {
    return applyEdit(document, edit).document;
  } catch (error) {
    if (error instanceof EditError) return document;
    throw error;
  }
}

/** The selection without what has left the document. */
function kept(
  document: Design,
  nodes: readonly string[],
  links: readonly string[],
): Pick<EditorState, "selection" | "selectedLinks"> {
  const ids = new Set(document.nodes.map((node) => node.id));
  const keys = new Set(links.length ? document.links.map(linkKey) : []);
  return {
    selection: nodes.every((id) => ids.has(id)) ? nodes : nodes.filter((id) => ids.has(id)),
    selectedLinks: links.every((key) => keys.has(key)) ? links : links.filter((key) => keys.has(key)),
  };
}
