import { type FocusEvent, type KeyboardEvent, useRef, useState } from "react";
import { useEditor, useEditorState } from "../state/useEditor";
import { Icon } from "./icons";

/** Reference networks to start from. */
export function TemplatesMenu() {
  const editor = useEditor();
  const templates = useEditorState((state) => state.templates);
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const choose = (action: { kind: string; [key: string]: string }) => {
    setOpen(false);
    editor.act(action);
  };
  const closeOnLeave = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  };
  return (
    <div ref={menu} className="menu" onBlur={closeOnLeave} onKeyDown={(event) => moveFocus(event, setOpen)}>
      <button
        type="button"
        className="button"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        Templates <Icon name="down" />
      </button>
      {open && (
        <div className="menu-list" role="menu" aria-label="Templates">
          <button type="button" role="menuitem" onClick={() => choose({ kind: "new" })}>
            <strong>New design</strong>
            <span>An empty canvas</span>
          </button>
          <hr />
          {templates.map((template) => (
            <button
              key={template.id}
              type="button"
              role="menuitem"
              data-template={template.id}
              onClick={() => choose({ kind: "open_template", id: template.id })}
            >
              <strong>{template.title}</strong>
              <span>{template.summary}</span>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

export function moveFocus(event: KeyboardEvent<HTMLElement>, setOpen: (open: boolean) => void): void {
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") {
    setOpen(false);
    buttons[0]?.focus();
    event.stopPropagation();
  } else if (step) {
    const now = buttons.indexOf(event.target as HTMLButtonElement);
    buttons[(now + step + buttons.length) % buttons.length]?.focus();
    event.preventDefault();
  }
}
