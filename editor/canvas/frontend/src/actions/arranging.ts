import { arrangement, movement } from "../model/gestures";
import type { Point } from "../model/layout";
import { aligned, type Axis, type Box, distributed, type Edge, shifted } from "../model/placing";
import type { Editor } from "../state/editor";
import type { IconName } from "../ui/icons";
import { type Action, needsContent, needsSeveral } from "./action";

const ALIGN: readonly (readonly [Edge, string, IconName, string?])[] = [
  ["left", "Align left edges", "alignLeft", "Mod+Shift+ArrowLeft"],
  ["centre", "Align centres", "alignCentre"],
  ["right", "Align right edges", "alignRight", "Mod+Shift+ArrowRight"],
  ["top", "Align top edges", "alignTop", "Mod+Shift+ArrowUp"],
  ["middle", "Align middles", "alignMiddle"],
  ["bottom", "Align bottom edges", "alignBottom", "Mod+Shift+ArrowDown"],
];

const DISTRIBUTE: readonly (readonly [Axis, string, IconName])[] = [
  ["x", "Distribute across", "distributeAcross"],
  ["y", "Distribute down", "distributeDown"],
];

const STEP = 8;
const FAR_STEP = 40;
const NUDGES: readonly (readonly [string, Point])[] = [
  ["ArrowLeft", { x: -1, y: 0 }],
  ["ArrowRight", { x: 1, y: 0 }],
  ["ArrowUp", { x: 0, y: -1 }],
  ["ArrowDown", { x: 0, y: 1 }],
];

/** Where blocks stand. */
export const ARRANGING: readonly Action[] = [
  {
    id: "arrange",
    title: "Arrange blocks",
    group: "Arrange",
    icon: "arrange",
    keys: ["Shift+A"],
    refusal: needsContent,
    run: ({ editor, view }) => {
      editor.apply(arrangement(editor.getState().document));
      requestAnimationFrame(() => view.readable());
    },
  },
  {
    id: "arrange-selection",
    title: "Arrange the selection",
    group: "Arrange",
    icon: "arrange",
    refusal: needsSeveral(2),
    run: ({ editor }) => {
      const { document, selection } = editor.getState();
      editor.apply(arrangement(document, selection));
    },
  },
  ...ALIGN.map(
    ([edge, title, icon, keys]): Action => ({
      id: `align-${edge}`,
      title,
      group: "Arrange",
      icon,
      ...(keys && { keys: [keys] }),
      refusal: needsSeveral(2),
      run: ({ editor }) => place(editor, aligned(chosen(editor), edge), title),
    }),
  ),
  ...DISTRIBUTE.map(
    ([axis, title, icon]): Action => ({
      id: `distribute-${axis}`,
      title,
      group: "Arrange",
      icon,
      refusal: needsSeveral(3),
      run: ({ editor }) => place(editor, distributed(chosen(editor), axis), title),
    }),
  ),
  ...NUDGES.flatMap(([key, way]) => [nudge(key, way, STEP), nudge(`Shift+${key}`, way, FAR_STEP)]),
];

function nudge(key: string, way: Point, step: number): Action {
  const by = { x: way.x * step, y: way.y * step };
  return {
    id: `nudge-${key}`,
    title: "Move the selection",
    group: "Arrange",
    keys: [key],
    where: "canvas",
    silent: true,
    run: ({ editor }) => {
      const { document, selection, selectedNotes } = editor.getState();
      const notes = selectedNotes.flatMap((id) => ({ id, x: 0, y: 0, ...document.notes?.[id] }));
      const gesture = movement(document, shifted([...chosen(editor), ...notes], by));
      // Steps of one go are one step of undo, as letters typed into one field are.
      if (gesture) editor.type(`nudge ${[...selection, ...selectedNotes].join(" ")}`, gesture);
    },
  };
}

function chosen(editor: Editor): readonly Box[] {
  const { document, selection } = editor.getState();
  return document.nodes.filter((node) => selection.includes(node.id));
}

function place(editor: Editor, places: ReadonlyMap<string, Point>, label: string): void {
  editor.apply(movement(editor.getState().document, places, label));
}
