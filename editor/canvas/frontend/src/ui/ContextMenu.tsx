import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { type Action, action, perform } from "../actions";
import type { Surface } from "../state/state";
import { useEditorState } from "../state/useEditor";
import { Icon } from "./icons";
import { Keys } from "./Keys";
import { useBench } from "./useBench";

type Menu = Extract<Surface, { kind: "menu" }>;

const LINE = "-";
const ALIGN = ["align-left", "align-centre", "align-right", "align-top", "align-middle", "align-bottom"];
const ROW = [...ALIGN, "distribute-x", "distribute-y"];
const CLIPBOARD = ["cut", "copy", "paste", "duplicate"];

const ONE = ["rename", "replace", "freeze", "fold", LINE, ...CLIPBOARD, LINE, "pack", "delete", "delete-joined"];
const OWN = ["open", "unpack", LINE, ...ONE];
const REPEATED = ["unfold-repeats", "split", LINE];
const SEVERAL = ["link", "pack", "fold-up", "arrange-selection", "freeze", LINE, ...CLIPBOARD, LINE, "delete", "delete-joined"];
const LINK = ["insert", LINE, "delete"];
const NOTE = [...CLIPBOARD, LINE, "delete"];
const CANVAS = ["palette", "note", "paste", "select-all", LINE, "arrange", "fit", LINE, "keys"];
const OTHERS = { link: LINK, note: NOTE, canvas: CANVAS };

/** The menu of what was pressed with the right button, or is selected. */
export function ContextMenu() {
  const surface = useEditorState((state) => state.surface);
  return surface?.kind === "menu" ? <Items key={`${surface.at.x} ${surface.at.y}`} menu={surface} /> : null;
}

function Items({ menu }: { menu: Menu }) {
  const { editor } = useBench();
  const list = useRef<HTMLDivElement>(null);
  const count = useEditorState((state) => state.selection.length);
  const isOwn = useEditorState((state) => action("open").refusal?.(state) === null);
  const isRepeated = useEditorState((state) => action("split").refusal?.(state) === null);
  const several = menu.about === "nodes" && count > 1;
  const one = [...(isRepeated ? REPEATED : []), ...(isOwn ? OWN : ONE)];
  const ids = several ? SEVERAL : menu.about === "nodes" ? one : OTHERS[menu.about];
  const close = () => editor.show(null);
  usePlaced(list, menu);
  useClosing(list, close);
  return (
    <div
      ref={list}
      popover="manual"
      className="context-menu"
      role="menu"
      aria-label="Actions"
      data-testid="context-menu"
      onKeyDown={(event) => moveFocus(event, close)}
      onContextMenu={(event) => event.preventDefault()}
    >
      {several && (
        <div className="menu-row" role="group" aria-label="Align and distribute">
          {ROW.map((id) => (
            <IconItem key={id} action={action(id)} close={close} />
          ))}
        </div>
      )}
      {ids.map((id, index) =>
        id === LINE ? <hr key={`line ${index}`} /> : <Item key={id} action={action(id)} close={close} />,
      )}
    </div>
  );
}

interface ItemProps {
  action: Action;
  close: () => void;
}

function useItem({ action, close }: ItemProps) {
  const bench = useBench();
  const reason = useEditorState((state) => action.refusal?.(state) ?? null);
  const run = () => {
    close();
    perform(action, bench);
  };
  return {
    type: "button",
    role: "menuitem",
    tabIndex: -1,
    "data-action": action.id,
    "aria-disabled": reason !== null,
    title: reason ?? undefined,
    onClick: reason === null ? run : undefined,
  } as const;
}

function Item(props: ItemProps) {
  const [keys] = props.action.keys ?? [];
  return (
    <button {...useItem(props)}>
      <span>{props.action.title}</span>
      {keys && <Keys keys={keys} />}
    </button>
  );
}

function IconItem(props: ItemProps) {
  const item = useItem(props);
  return (
    <button {...item} title={item.title ?? props.action.title} aria-label={props.action.title} className="quiet">
      {props.action.icon && <Icon name={props.action.icon} />}
    </button>
  );
}

/** In the top layer, at the pointer, moved so that all of it is in the window. */
function usePlaced(list: RefObject<HTMLDivElement | null>, { at }: Menu): void {
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    element.showPopover();
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(8, Math.min(at.x, innerWidth - width - 8))}px`;
    element.style.top = `${Math.max(8, Math.min(at.y, innerHeight - height - 8))}px`;
    element.querySelector<HTMLElement>('[role="menuitem"]')?.focus({ preventScroll: true });
  }, [list, at]);
}

/** A press anywhere else closes the menu, and so does anything that moves what it stands on. */
function useClosing(list: RefObject<HTMLDivElement | null>, close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    const outside = (event: Event) => {
      if (!list.current || !event.composedPath().includes(list.current)) latest.current();
    };
    for (const kind of ["pointerdown", "wheel"]) addEventListener(kind, outside, true);
    addEventListener("blur", outside);
    addEventListener("resize", outside);
    return () => {
      for (const kind of ["pointerdown", "wheel"]) removeEventListener(kind, outside, true);
      removeEventListener("blur", outside);
      removeEventListener("resize", outside);
    };
  }, [list]);
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

function moveFocus(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  event.stopPropagation();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  const now = items.indexOf(event.target as HTMLElement);
  const step = STEPS[event.key];
  if (event.key === "Escape" || event.key === "Tab") close();
  else if (event.key === "Home") items[0]?.focus();
  else if (event.key === "End") items.at(-1)?.focus();
  else if (step) items[(now + step + items.length) % items.length]?.focus();
  else return;
  event.preventDefault();
}
