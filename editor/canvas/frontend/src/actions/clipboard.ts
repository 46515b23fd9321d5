import { copied, ForeignText, pasted } from "../model/clipboard";
import { removal } from "../model/gestures";
import type { Editor } from "../state/editor";
import type { Bench } from "./action";

/** The clipboard from a menu; its keys go through the browser's own events, which need no permission. */

export async function copySelection(editor: Editor): Promise<boolean> {
  const { document, selection, selectedNotes } = editor.getState();
  const text = copied(document, selection, selectedNotes);
  if (text === null) return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    editor.say("The browser keeps its clipboard from menus here: press Ctrl+C or Ctrl+X.");
    return false;
  }
}

export async function cutSelection(editor: Editor): Promise<void> {
  if (await copySelection(editor)) cutAway(editor);
}

export async function pasteFromClipboard({ editor, view }: Bench): Promise<void> {
  try {
    const id = pasteText(editor, await navigator.clipboard.readText());
    if (id !== undefined) view.reveal(id);
  } catch {
    editor.say("The browser keeps its clipboard from menus here: press Ctrl+V.");
  }
}

export function cutAway(editor: Editor): void {
  const { document, selection, selectedNotes } = editor.getState();
  const { edit, label } = removal(document, selection, [], selectedNotes);
  editor.apply({ edit, label: label.replace("Remove", "Cut") });
}

/** Paste blocks and notes from a text; the id of the first of them, or nothing where there are none, which is said. */
export function pasteText(editor: Editor, text: string): string | undefined {
  const { document, inside } = editor.getState();
  try {
    const copy = pasted(document, text, inside.at(-1));
    editor.apply(copy);
    editor.select(copy.ids, [], copy.notes);
    return copy.ids[0] ?? copy.notes[0];
  } catch (error) {
    if (!(error instanceof ForeignText)) throw error;
    editor.say(error.message);
    return undefined;
  }
}
