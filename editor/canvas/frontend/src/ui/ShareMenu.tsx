import { type FocusEvent, useState } from "react";
import { LONGEST_LINK, linkTo, packedDesign } from "../model/link";
import { fileName, type Kind, picture, saveFile, type Subject } from "../picture/files";
import type { Editor } from "../state/editor";
import { useEditor, useEditorState } from "../state/useEditor";
import { Icon } from "./icons";
import { moveFocus } from "./TemplatesMenu";

const KINDS: readonly Kind[] = ["svg", "png", "pdf"];

/** Everything that takes a design out of the editor as it stands: a link, a file, a picture, a copy. */
export function ShareMenu() {
  const editor = useEditor();
  const isEmpty = useEditorState((state) => state.document.nodes.length === 0);
  const [open, setOpen] = useState(false);
  const closeOnLeave = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  };
  const choose = (action: () => void) => () => {
    setOpen(false);
    action();
  };
  return (
    <div className="menu" onBlur={closeOnLeave} onKeyDown={(event) => moveFocus(event, setOpen)}>
      <button
        type="button"
        className="button"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="share" /> Share
      </button>
      {open && (
        <div className="menu-list share-list" role="menu" aria-label="Share">
          <Item title="Copy link" about="Opens in any running editor; nothing is stored until it is edited" onPick={choose(() => void copyLink(editor))} />
          <Item title="Save as file" about="The design as JSON, to keep or to import elsewhere" onPick={choose(() => saveDesign(editor))} />
          <Item title="Save as a copy" about="A second design in your library, opened here" onPick={choose(() => editor.act({ kind: "duplicate" }))} />
          <hr />
          <Pictures subject="canvas" title="Picture of the canvas" disabled={isEmpty} choose={choose} />
          <Pictures subject="diagram" title="Picture of the diagram" disabled={isEmpty} choose={choose} />
        </div>
      )}
    </div>
  );
}

function Item({ title, about, onPick }: { title: string; about: string; onPick: () => void }) {
  return (
    <button type="button" role="menuitem" onClick={onPick}>
      <strong>{title}</strong>
      <span>{about}</span>
    </button>
  );
}

interface PicturesProps {
  subject: Subject;
  title: string;
  disabled: boolean;
  choose: (action: () => void) => () => void;
}

function Pictures({ subject, title, disabled, choose }: PicturesProps) {
  const editor = useEditor();
  return (
    <div className="menu-row" role="group" aria-label={title}>
      <strong>{title}</strong>
      {KINDS.map((kind) => (
        <button
          key={kind}
          type="button"
          role="menuitem"
          disabled={disabled}
          aria-label={`${title} as ${kind.toUpperCase()}`}
          onClick={choose(() => void savePicture(editor, subject, kind))}
        >
          {kind.toUpperCase()}
        </button>
      ))}
    </div>
  );
}

async function copyLink(editor: Editor): Promise<void> {
  const packed = await packedDesign(editor.getState().whole);
  if (packed.length > LONGEST_LINK) {
    const sizes = `${packed.length.toLocaleString("en")} letters, at most ${LONGEST_LINK.toLocaleString("en")}`;
    editor.say(`This design is too large for a link (${sizes}). Save it as a file instead.`);
    return;
  }
  const link = linkTo(packed, location.href);
  try {
    await navigator.clipboard.writeText(link);
    editor.say("The link is copied. Whoever opens it sees this design as it is now.");
  } catch {
    // Without a secure connection a page may not write to the clipboard.
    window.prompt("Copy this link", link);
  }
}

function saveDesign(editor: Editor): void {
  const { whole } = editor.getState();
  const text = JSON.stringify(whole, null, 1);
  saveFile(new Blob([text], { type: "application/json" }), fileName(whole.name, "json"));
}

async function savePicture(editor: Editor, subject: Subject, kind: Kind): Promise<void> {
  const state = editor.getState();
  try {
    const name = fileName(`${state.whole.name}${subject === "diagram" ? " diagram" : ""}`, kind);
    saveFile(await picture(state, subject, kind), name);
  } catch (error) {
    editor.say(error instanceof Error ? error.message : String(error));
  }
}
