import { share } from "../model/share";
import { type DockTab, EMPTY_STATE, type EditorState, type Panel, type Surface } from "./state";
import { tourSeen } from "./tourSeen";
import { Voice } from "./voice";

/** What a person sees and has chosen, beside the document: nothing of it is stored or undone. */
export abstract class Screen {
  protected state: EditorState = EMPTY_STATE;
  protected readonly voice = new Voice();
  private readonly listeners = new Set<() => void>();

  readonly getState = (): EditorState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Open what stands above the canvas for a moment: a menu, the command palette, the list of keys. */
  show(surface: Surface | null): void {
    this.refresh({ surface });
  }

  /** Show or hide a side panel; on a wide page both always show. */
  turnDrawer(panel: Panel, isOpen: boolean): void {
    this.refresh({ drawers: share(this.state.drawers, { ...this.state.drawers, [panel]: isOpen }) });
  }

  /** Turn the dock to a tab. */
  turnDock(tab: DockTab): void {
    this.refresh({ dock: { ...this.state.dock, tab } });
  }

  /** Turn the dock to a tab and see that it is open. */
  openDock(tab: DockTab): void {
    this.refresh({ dock: { tab, asked: this.state.dock.asked + 1 } });
  }

  /** Where what is being dragged would land, or which blocks a link being drawn may end at. */
  hover(hover: EditorState["hover"]): void {
    if (share(this.state.hover, hover) !== this.state.hover) this.refresh({ hover });
  }

  /** Show how a number of a block comes about; null: show none. */
  explain(explaining: EditorState["explaining"]): void {
    this.refresh({ explaining });
  }

  /** What blocks look like inside is fetched when somebody first wants to see it. */
  askForInsides(): void {
    if (this.state.insides === null) this.voice.insides();
  }

  askAboutPacking(packing: boolean): void {
    this.refresh({ packing });
  }

  select(nodes: readonly string[], links: readonly string[] = [], notes: readonly string[] = []): void {
    const selection = share(this.state.selection, nodes);
    const selectedLinks = share(this.state.selectedLinks, links);
    const selectedNotes = share(this.state.selectedNotes, notes);
    const change = { selection, selectedLinks, selectedNotes };
    const same = Object.entries(change).every(([part, value]) => this.state[part as keyof typeof change] === value);
    if (same) return;
    if (selection !== this.state.selection) this.voice.selection(this.getState);
    this.refresh(change);
  }

  /** Show or hide a block's layers in the diagram; Python draws it. */
  fold(id: string, unfolded: boolean): void {
    this.refresh({ folds: { ...this.state.folds, [id]: unfolded } });
    this.voice.folds(this.state);
  }

  /** The tour is over; that it was seen is kept in the browser. */
  endTour(): void {
    this.refresh({ tour: false });
    tourSeen.keep();
  }

  say(message: string): void {
    const notice = { id: crypto.randomUUID(), message };
    this.refresh({ notices: [...this.state.notices, notice] });
  }

  dismiss(id: string): void {
    this.refresh({ notices: this.state.notices.filter((notice) => notice.id !== id) });
  }

  /** Take a change and all that follows from it. */
  protected abstract refresh(change: Partial<EditorState>): void;

  protected tell(): void {
    for (const listener of this.listeners) listener();
  }
}
