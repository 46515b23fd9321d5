import { idsOf } from "../model/folds";
import type { Outgoing } from "../sync/outbox";
import type { EditorState } from "./state";

/** What Streamlit lets a component say. */
export interface Host {
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
}

const SELECTION_QUIET = 250;

/** What the canvas tells Python; without a host, while the component is off the page, nothing is said. */
export class Voice {
  private host: Host | null = null;
  private selectionTimer: ReturnType<typeof setTimeout> | undefined;

  /** Take the newest functions of Streamlit: they change with every rerun. */
  connect(host: Host | null): void {
    this.host = host;
  }

  outbox(value: Outgoing): void {
    this.host?.setStateValue("outbox", value);
  }

  inside({ designId, inside }: EditorState): void {
    this.host?.setStateValue("inside", { design_id: designId, path: inside });
  }

  folds({ designId, folds }: EditorState): void {
    const value = { design_id: designId, folded: idsOf(folds, false), unfolded: idsOf(folds, true) };
    this.host?.setStateValue("folds", value);
  }

  /** The selection once it has been the same for a moment; inside a definition, of the blocks there. */
  selection(state: () => EditorState): void {
    clearTimeout(this.selectionTimer);
    this.selectionTimer = setTimeout(() => {
      this.host?.setStateValue("selection", state().selection);
    }, SELECTION_QUIET);
  }

  /** Asks for the pictures of block types; a state, so that no rerun that is cut short loses it. */
  insides(): void {
    this.host?.setStateValue("insides", true);
  }

  /** Something that leaves the document. */
  act(action: { readonly kind: string; readonly [key: string]: string }): void {
    this.host?.setTriggerValue("action", action);
  }
}
