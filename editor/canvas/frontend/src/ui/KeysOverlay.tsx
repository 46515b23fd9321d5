import { useEffect, useRef } from "react";
import { type Action, ACTIONS, GROUPS } from "../actions";
import { useEditor, useEditorState } from "../state/useEditor";
import { Icon } from "./icons";
import { Keys } from "./Keys";

/** What the mouse does, which no action can tell. */
const BY_HAND = [
  ["Add a block", "drag it, or double-click it"],
  ["Insert a block", "drop it on a link"],
  ["Replace a block", "drop another on it"],
  ["Search", "double-click the canvas"],
  ["Link", "draw from port to port"],
  ["Select several", "Shift and drag, or Shift and click"],
  ["Move freely", "hold Alt while dragging"],
  ["Zoom", "Ctrl and wheel"],
  ["Look around", "drag the canvas, or wheel"],
] as const;

/** All shortcuts, read off the actions. */
export function KeysOverlay() {
  const isOpen = useEditorState((state) => state.surface?.kind === "keys");
  return isOpen ? <Sheet /> : null;
}

function Sheet() {
  const editor = useEditor();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="dialog keys-sheet"
      data-testid="keys"
      aria-label="Keyboard shortcuts"
      onClose={() => editor.show(null)}
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <header>
        <h2>Keyboard shortcuts</h2>
        <button type="button" className="button small" onClick={() => editor.beginTour()}>
          Take the tour
        </button>
        <button type="button" className="quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      <div className="keys-columns">
        {GROUPS.map((group) => (
          <KeyGroup key={group} title={group} actions={withKeys(group)} />
        ))}
        <section>
          <h3>By mouse</h3>
          <dl>
            {BY_HAND.map(([what, how]) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>{how}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </dialog>
  );
}

function withKeys(group: string): readonly Action[] {
  return ACTIONS.filter((action) => action.group === group && action.keys && !action.silent);
}

function KeyGroup({ title, actions }: { title: string; actions: readonly Action[] }) {
  if (actions.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {actions.map((action) => (
          <div key={action.id}>
            <dt>{action.title}</dt>
            <dd>{action.keys?.slice(0, 2).map((keys) => <Keys key={keys} keys={keys} />)}</dd>
          </div>
        ))}
        {title === "Arrange" && (
          <div>
            <dt>Move the selection</dt>
            <dd>
              <Keys keys="Arrows" /> <Keys keys="Shift+Arrows" />
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
