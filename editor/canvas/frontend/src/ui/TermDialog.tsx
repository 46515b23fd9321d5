import { useEffect, useRef } from "react";
import { type Term, TERMS } from "../model/glossary";
import { useEditor, useEditorState } from "../state/useEditor";
import { Icon } from "./icons";
import { TermPicture } from "./TermPicture";

/** Explains a term of the field, with a picture. */
export function TermDialog() {
  const surface = useEditorState((state) => state.surface);
  const term = surface?.kind === "term" ? TERMS.find((one) => one.id === surface.id) : undefined;
  return term ? <Sheet term={term} /> : null;
}

function Sheet({ term }: { term: Term }) {
  const editor = useEditor();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="dialog term"
      data-testid="term"
      aria-label={term.title}
      onClose={() => editor.show(null)}
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <header>
        <h2>{term.title}</h2>
        <button type="button" className="quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      <TermPicture term={term.id} />
      {term.words.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </dialog>
  );
}

/** A small button beside a word of the field that explains it. */
export function AboutTerm({ id }: { id: Term["id"] }) {
  const editor = useEditor();
  const title = TERMS.find((term) => term.id === id)?.title ?? "";
  return (
    <button
      type="button"
      className="about-term"
      aria-label="What is this?"
      title={title}
      onClick={() => editor.show({ kind: "term", id })}
    >
      <Icon name="info" />
    </button>
  );
}
