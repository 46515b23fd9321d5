import { EditError } from "./errors";
import { snapped } from "./layout";
import { newId } from "./naming";
import type { Point } from "./layout";
import type { Edit, Gesture, Note, Notes } from "./types";

/** Notes beside the blocks: plain words for people, which nothing that is built reads. */

export const NOTE_SIZE = { width: 224, height: 96 } as const;
const EMPTY: Note = { text: "", x: 0, y: 0, ...NOTE_SIZE };

interface Changed {
  readonly notes: Notes;
  readonly inverse: NonNullable<Edit["notes"]>;
}

/** Notes after changes, and the changes that take them back. The same rules as in Python. */
export function changedNotes(notes: Notes, changes: NonNullable<Edit["notes"]>): Changed {
  const found = new Map(Object.entries(notes));
  const inverse: Record<string, Partial<Note> | null> = {};
  for (const [id, patch] of Object.entries(changes)) {
    const old = found.get(id);
    if (patch === null) {
      if (old) inverse[id] = old;
      found.delete(id);
    } else if (old) {
      const fields = Object.keys(patch) as (keyof Note)[];
      inverse[id] = Object.fromEntries(fields.map((field) => [field, old[field]]));
      found.set(id, { ...old, ...patch });
    } else if (patch.text === undefined) {
      const fields = Object.keys(patch).join(", ");
      throw new EditError(`A note was removed meanwhile: its change of ${fields} no longer applies.`);
    } else {
      inverse[id] = null;
      found.set(id, { ...EMPTY, ...patch });
    }
  }
  return { notes: Object.fromEntries(found), inverse };
}

/** The chosen ones of a design's notes. */
export function notesAmong(notes: Notes = {}, ids: readonly string[]): Notes {
  return Object.fromEntries(Object.entries(notes).filter(([id]) => ids.includes(id)));
}

/** Notes under new ids, moved to the right and down. */
export function freshNotes(notes: Notes = {}, shift: number): Notes {
  const moved = Object.values(notes).map((note) => ({ ...note, x: note.x + shift, y: note.y + shift }));
  return Object.fromEntries(moved.map((note) => [newId(), note]));
}

/** Whether an entry from outside is a note with all its fields. */
export function isNote(entry: [string, unknown]): entry is [string, Note] {
  const note = entry[1] as Partial<Note> | null;
  const places = [note?.x, note?.y, note?.width, note?.height];
  return typeof note?.text === "string" && places.every(Number.isFinite);
}

export function noteAt(id: string, centre: Point): Gesture {
  const { width, height } = NOTE_SIZE;
  const place = snapped({ x: centre.x - width / 2, y: centre.y - height / 2 });
  return { label: "Add note", edit: { notes: { [id]: { text: "", ...place, ...NOTE_SIZE } } } };
}

export function noteText(id: string, text: string): Gesture {
  return { label: "Write note", edit: { notes: { [id]: { text } } } };
}
