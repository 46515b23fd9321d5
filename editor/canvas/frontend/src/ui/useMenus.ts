import { type MouseEvent as ReactMouseEvent, useMemo } from "react";
import { linkKey } from "../model/edit";
import { definitionOf } from "../model/definitions";
import type { Surface } from "../state/state";
import { useEditor } from "../state/useEditor";
import type { FlowNode } from "./flowElements";

type Menu = Extract<Surface, { kind: "menu" }>;
type Press = ReactMouseEvent | MouseEvent;

/** The right button's menus, and what a double click does. */
export function useMenus() {
  const editor = useEditor();
  return useMemo(() => {
    const open = (event: Press, about: Menu["about"]) => {
      event.preventDefault();
      editor.show({ kind: "menu", about, at: { x: event.clientX, y: event.clientY } });
    };
    return {
      onNodeContextMenu: (event: Press, { id, type }: FlowNode) => {
        if (type === "note") editor.select([], [], [id]);
        else if (!editor.getState().selection.includes(id)) editor.select([id]);
        open(event, type === "note" ? "note" : "nodes");
      },
      onSelectionContextMenu: (event: Press) => open(event, "nodes"),
      onEdgeContextMenu: (event: Press, { id }: { id: string }) => {
        if (!editor.getState().document.links.some((link) => linkKey(link) === id)) return;
        editor.select([], [id]);
        open(event, "link");
      },
      onPaneContextMenu: (event: Press) => {
        editor.select([]);
        open(event, "canvas");
      },
      /** On an own block a double click opens its definition. */
      onNodeDoubleClick: (_: unknown, node: FlowNode) => {
        const { inside, whole } = editor.getState();
        const id = node.type === "block" ? definitionOf(node.data.node.block) : null;
        if (id !== null && Object.hasOwn(whole.definitions, id)) editor.enter([...inside, id]);
      },
      /** On the empty canvas it asks what to put there. */
      onDoubleClick: (event: ReactMouseEvent) => {
        if (!(event.target as Element).classList.contains("react-flow__pane")) return;
        editor.show({ kind: "palette", purpose: "any", at: { x: event.clientX, y: event.clientY } });
      },
    };
  }, [editor]);
}
