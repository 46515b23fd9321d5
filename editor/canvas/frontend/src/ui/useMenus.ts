import { type MouseEvent as ReactMouseEvent, useMemo } from "react";
import { linkKey } from "../model/edit";
import { definitionOf } from "../model/definitions";
import { useEditor } from "../state/useEditor";
import type { BlockFlowNode } from "./flowElements";

type Press = ReactMouseEvent | MouseEvent;

/** The right button's menus, and what a double click does. */
export function useMenus() {
  const editor = useEditor();
  return useMemo(() => {
    const open = (event: Press, about: "nodes" | "link" | "canvas") => {
      event.preventDefault();
      editor.show({ kind: "menu", about, at: { x: event.clientX, y: event.clientY } });
    };
    return {
      onNodeContextMenu: (event: Press, { id }: BlockFlowNode) => {
        if (!editor.getState().selection.includes(id)) editor.select([id]);
        open(event, "nodes");
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
      onNodeDoubleClick: (_: unknown, { data }: BlockFlowNode) => {
        const { inside, whole } = editor.getState();
        const id = definitionOf(data.node.block);
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
