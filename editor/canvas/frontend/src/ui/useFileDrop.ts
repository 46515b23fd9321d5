import { useEffect, useState } from "react";
import type { Editor } from "../state/editor";
import { useEditor } from "../state/useEditor";

/** The field of the import dialog, which Streamlit draws outside of this component. */
const FIELD = '.st-key-dropped-files input[type="file"]';
const OWN_FIELDS = '[data-testid="stFileUploaderDropzone"]';
const PATIENCE = 30_000;

/** Files dropped anywhere on the page go the way of the Library's import; true while some are held over it. */
export function useFileDrop(): boolean {
  const editor = useEditor();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (!holdsFiles(event)) return;
      event.preventDefault();
      void handOn(editor, [...(event.dataTransfer?.items ?? [])]);
    };
    const listeners = { dragenter: over, dragover: over, dragleave: leave, drop };
    const each = Object.entries(listeners) as [keyof DocumentEventMap, EventListener][];
    for (const [kind, listener] of each) document.addEventListener(kind, listener);
    return () => {
      for (const [kind, listener] of each) document.removeEventListener(kind, listener);
    };
  }, [editor]);
  return isOver;
}

/** Whether files are dragged, and not over a field of Streamlit's that takes them itself. */
function holdsFiles(event: DragEvent): boolean {
  const taken = event.composedPath().some((part) => part instanceof Element && part.matches(OWN_FIELDS));
  return !taken && !!event.dataTransfer?.types.includes("Files");
}

/** Opens the import dialog and puts the files into its field, as if they had been chosen there. */
async function handOn(editor: Editor, items: readonly DataTransferItem[]): Promise<void> {
  const files = items.filter((item) => !item.webkitGetAsEntry()?.isDirectory).map((item) => item.getAsFile());
  const chosen = new DataTransfer();
  for (const file of files) if (file) chosen.items.add(file);
  if (chosen.files.length === 0) {
    editor.say("A folder cannot be opened; drop the files that are in it.");
    return;
  }
  editor.act({ kind: "import" });
  const field = await appearing<HTMLInputElement>(FIELD);
  if (!field) {
    editor.say("The server does not answer, so nothing was opened; drop the file again.");
    return;
  }
  field.files = chosen.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** An element of the page, as soon as it is there; null if it does not come. */
function appearing<E extends Element>(selector: string): Promise<E | null> {
  return new Promise((resolve) => {
    const settle = (found: E | null) => {
      observer.disconnect();
      clearTimeout(timer);
      resolve(found);
    };
    const look = () => {
      const found = document.querySelector<E>(selector);
      if (found) settle(found);
    };
    const observer = new MutationObserver(look);
    const timer = setTimeout(() => settle(null), PATIENCE);
    observer.observe(document.body, { childList: true, subtree: true });
    look();
  });
}
