import { newId } from "../model/naming";
import { noteAt } from "../model/notes";
import { type Action, needsBlocks, needsContent } from "./action";

const ZOOM_STEP = 1.25;

/** What is added, seen and done with the whole design. */
export const VIEWING: readonly Action[] = [
  {
    id: "palette",
    title: "Search everything",
    group: "Add",
    icon: "search",
    keys: ["Mod+K", "/"],
    where: "everywhere",
    run: ({ editor }) => editor.show({ kind: "palette", purpose: "any", at: null }),
  },
  {
    id: "add",
    title: "Add a block after the selected one…",
    group: "Add",
    icon: "plus",
    keys: ["A"],
    run: ({ editor }) => editor.show({ kind: "palette", purpose: "add", at: null }),
  },
  {
    id: "note",
    title: "Add a note",
    group: "Add",
    icon: "note",
    keys: ["N"],
    refusal: ({ inside }) => (inside.length ? "Notes stand on the design: leave the open block first." : null),
    run: ({ editor, view }) => {
      const id = newId();
      editor.apply(noteAt(id, view.pointer()));
      editor.select([], [], [id]);
      view.reveal(id);
    },
  },
  {
    id: "menu",
    title: "Menu of what is selected",
    group: "View",
    keys: ["Shift+F10", "ContextMenu"],
    run: ({ editor, view }) => {
      const { selection, selectedLinks, selectedNotes } = editor.getState();
      const other = selectedLinks.length ? "link" : selectedNotes.length ? "note" : "canvas";
      const about = selection.length ? "nodes" : other;
      editor.show({ kind: "menu", about, at: view.onScreen(selection[0] ?? selectedNotes[0]) });
    },
  },
  {
    id: "outline",
    title: "Outline of the blocks",
    group: "View",
    icon: "outline",
    keys: ["O"],
    run: ({ editor, view }) => {
      editor.openDock("outline");
      view.focusOutline();
    },
  },
  {
    id: "fit",
    title: "Fit to view",
    group: "View",
    icon: "fit",
    keys: ["F"],
    refusal: needsContent,
    run: ({ view }) => view.fit(),
  },
  {
    id: "fit-selection",
    title: "Zoom to the selection",
    group: "View",
    keys: ["Shift+F"],
    refusal: needsBlocks,
    run: ({ editor, view }) => view.fitTo(editor.getState().selection),
  },
  {
    id: "zoom-in",
    title: "Zoom in",
    group: "View",
    keys: ["+", "="],
    run: ({ view }) => view.zoomBy(ZOOM_STEP),
  },
  {
    id: "zoom-out",
    title: "Zoom out",
    group: "View",
    keys: ["-"],
    run: ({ view }) => view.zoomBy(1 / ZOOM_STEP),
  },
  {
    id: "keys",
    title: "Keyboard shortcuts",
    group: "View",
    icon: "help",
    keys: ["?"],
    run: ({ editor }) => editor.show({ kind: "keys" }),
  },
  {
    id: "tour",
    title: "Take the tour",
    group: "View",
    icon: "train",
    run: ({ editor }) => editor.beginTour(),
  },
  {
    id: "new",
    title: "New design",
    group: "Design",
    run: ({ editor }) => editor.act({ kind: "new" }),
  },
  {
    id: "export",
    title: "Export",
    group: "Design",
    icon: "export",
    run: ({ editor }) => editor.act({ kind: "export" }),
  },
  {
    id: "compare",
    title: "Compare with…",
    group: "Design",
    icon: "compare",
    run: ({ editor }) => editor.act({ kind: "compare" }),
  },
  {
    id: "train",
    title: "Train",
    group: "Design",
    icon: "train",
    run: ({ editor }) => editor.act({ kind: "train" }),
  },
];
