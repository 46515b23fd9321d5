import { useState } from "react";
import { action as actionOf, keyWords, perform } from "../actions";
import { useEditor, useEditorState } from "../state/useEditor";
import type { Panel } from "../state/state";
import { Icon, type IconName } from "./icons";
import { ShareMenu } from "./ShareMenu";
import { TemplatesMenu } from "./TemplatesMenu";
import { useBench } from "./useBench";

export function TopBar() {
  const editor = useEditor();
  return (
    <header className="topbar">
      <DrawerButton panel="palette" label="Blocks" />
      <DesignName />
      <SavedState />
      <Presence />
      <KeepButton />
      <BarButton icon="history" label="Versions" onPress={() => editor.act({ kind: "history" })} />
      <ActionButton id="compare" />
      <span className="spring" />
      <ActionButton id="undo" />
      <ActionButton id="redo" />
      <span className="rule" />
      <ActionButton id="palette" />
      <ActionButton id="arrange" />
      <ActionButton id="fit" />
      <ActionButton id="keys" />
      <span className="rule" />
      <TemplatesMenu />
      <ShareMenu />
      <button type="button" className="button" onClick={() => editor.act({ kind: "export" })}>
        <Icon name="export" /> Export
      </button>
      <button type="button" className="button primary" onClick={() => editor.act({ kind: "train" })}>
        <Icon name="train" /> Train
      </button>
      <DrawerButton panel="inspector" label="Inspector" />
    </header>
  );
}

/** Where the page is narrow, the side panels are drawers. */
function DrawerButton({ panel, label }: { panel: Panel; label: string }) {
  const editor = useEditor();
  const isOpen = useEditorState((state) => state.drawers[panel]);
  return (
    <button
      type="button"
      className="quiet drawer-button"
      aria-label={label}
      aria-expanded={isOpen}
      onClick={() => editor.turnDrawer(panel, !isOpen)}
    >
      <Icon name={panel === "palette" ? "drawerLeft" : "drawerRight"} />
    </button>
  );
}

function DesignName() {
  const editor = useEditor();
  const name = useEditorState((state) => state.whole.name);
  const [typed, setTyped] = useState<string | null>(null);
  const commit = () => {
    const wanted = typed?.trim();
    setTyped(null);
    if (wanted && wanted !== name) {
      editor.applyToWhole({ label: "Rename design", edit: { name: wanted } });
    }
  };
  return (
    <input
      className="design-name"
      name="design_name"
      aria-label="Name of the design"
      value={typed ?? name}
      size={Math.max(8, (typed ?? name).length)}
      maxLength={80}
      spellCheck={false}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") setTyped(null);
      }}
    />
  );
}

function SavedState() {
  const status = useEditorState((state) => state.status);
  const revision = useEditorState((state) => state.revision);
  const guest = useEditorState((state) => state.guest);
  const kept = guest ? "From a link · stored with the first edit" : `Saved · revision ${revision}`;
  const words = {
    saved: revision < 0 ? "Opening…" : kept,
    saving: "Saving…",
    offline: "Offline – your work is kept",
  };
  return (
    <span className="saved-state" data-status={status} data-testid="saved-state" role="status">
      <span className="dot" />
      {words[status]}
    </span>
  );
}

/** A design from a link is stored when it is edited, or on this button. */
function KeepButton() {
  const editor = useEditor();
  const guest = useEditorState((state) => state.guest);
  if (!guest) return null;
  return (
    <button type="button" className="button small" onClick={() => editor.act({ kind: "keep" })}>
      Keep it
    </button>
  );
}

/** Where the design is open more than once, that is said, quietly. */
function Presence() {
  const tabs = useEditorState((state) => state.tabs);
  return (
    <span className="presence" data-testid="presence" data-tabs={tabs} role="status">
      {tabs > 1 && (
        <>
          <Icon name="people" /> Open in {tabs} tabs
        </>
      )}
    </span>
  );
}

function ActionButton({ id }: { id: string }) {
  const bench = useBench();
  const action = actionOf(id);
  const reason = useEditorState((state) => action.refusal?.(state) ?? null);
  const more = useEditorState((state) => (id === "undo" || id === "redo" ? state[id] : null));
  const words = more ? `${action.title}: ${more}` : `${action.title} (${keyWords(action)})`;
  return (
    <BarButton
      icon={action.icon ?? "help"}
      label={action.title}
      tip={reason ?? words}
      disabled={reason !== null}
      onPress={() => perform(action, bench)}
    />
  );
}

interface BarButtonProps {
  icon: IconName;
  label: string;
  tip?: string;
  disabled?: boolean;
  onPress: () => void;
}

/** A disabled button stays focusable and keeps its tooltip, so that it can say why. */
export function BarButton({ icon, label, tip, disabled = false, onPress }: BarButtonProps) {
  return (
    <button
      type="button"
      className="quiet tipped"
      aria-label={label}
      aria-disabled={disabled}
      data-tip={tip ?? label}
      onClick={disabled ? undefined : onPress}
    >
      <Icon name={icon} />
    </button>
  );
}
