import { type FocusEvent, type KeyboardEvent, useState } from "react";
import { scaled } from "../model/format";
import type { TemplateEntry } from "../model/types";
import { useEditor, useEditorState } from "../state/useEditor";
import { Icon } from "./icons";
import { TemplateForm } from "./TemplateForm";

/** Reference networks to start from; each opens for the sizes and classes wanted. */
export function TemplatesMenu() {
  const editor = useEditor();
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<TemplateEntry | null>(null);
  const show = (shown: boolean) => {
    setOpen(shown);
    setChosen(null);
  };
  const act = (action: { kind: string; [key: string]: string }) => {
    show(false);
    editor.act(action);
  };
  const closeOnLeave = (event: FocusEvent) => {
    const goesNowhere = event.relatedTarget === null && chosen !== null;
    if (!event.currentTarget.contains(event.relatedTarget) && !goesNowhere) show(false);
  };
  return (
    <div className="menu" onBlur={closeOnLeave} onKeyDown={(event) => moveFocus(event, show)}>
      <button
        type="button"
        className="button"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => show(!open)}
      >
        Templates <Icon name="down" />
      </button>
      {open && chosen === null && <TemplateList act={act} choose={setChosen} />}
      {open && chosen !== null && (
        <TemplateForm
          entry={chosen}
          back={() => setChosen(null)}
          open={(values) => act({ kind: "open_template", id: chosen.id, ...values })}
        />
      )}
    </div>
  );
}

interface TemplateListProps {
  act: (action: { kind: string }) => void;
  choose: (entry: TemplateEntry) => void;
}

function TemplateList({ act, choose }: TemplateListProps) {
  const templates = useEditorState((state) => state.templates);
  return (
    <div className="menu-list templates" role="menu" aria-label="Templates">
      <button type="button" role="menuitem" onClick={() => act({ kind: "new" })}>
        <strong>New design</strong>
        <span>An empty canvas</span>
      </button>
      <hr />
      {templates.map((entry) => (
        <button
          key={entry.id}
          type="button"
          role="menuitem"
          data-template={entry.id}
          title={entry.summary}
          onClick={() => choose(entry)}
        >
          <TemplateFace entry={entry} />
        </button>
      ))}
    </div>
  );
}

/** A template's picture, title and numbers. */
export function TemplateFace({ entry }: { entry: TemplateEntry }) {
  return (
    <span className="template-face">
      <img alt="" src={`data:image/svg+xml,${encodeURIComponent(entry.picture)}`} />
      <span>
        <strong>{entry.title}</strong>
        <span>
          {scaled(entry.params)} parameters · {scaled(entry.macs)} MACs
        </span>
      </span>
    </span>
  );
}

/** Arrow keys go from item to item, Escape closes; in a field they are the field's. */
export function moveFocus(event: KeyboardEvent<HTMLElement>, setOpen: (open: boolean) => void): void {
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") {
    setOpen(false);
    buttons[0]?.focus();
    event.stopPropagation();
  } else if (step && event.target instanceof HTMLButtonElement) {
    const now = buttons.indexOf(event.target);
    buttons[(now + step + buttons.length) % buttons.length]?.focus();
    event.preventDefault();
  }
}
