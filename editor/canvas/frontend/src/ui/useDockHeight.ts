import { type KeyboardEvent, type PointerEvent, useState } from "react";

const KEY = "blockwright/dock";
const LEAST = 88;
const MOST = 560;

interface DockSize {
  readonly height: number;
  readonly isOpen: boolean;
}

/** The dock's height: dragged by its grip, kept in the browser. */
export function useDockHeight() {
  const [size, setSize] = useState(stored);
  const set = (next: DockSize) => {
    setSize(next);
    store(next);
  };
  const resize = (height: number) => set({ height: Math.min(MOST, Math.max(LEAST, height)), isOpen: true });
  const grip = {
    role: "separator",
    tabIndex: 0,
    "aria-orientation": "horizontal" as const,
    "aria-label": "Height of the dock",
    "aria-valuenow": size.height,
    "aria-valuemin": LEAST,
    "aria-valuemax": MOST,
    onPointerDown: (event: PointerEvent) => event.currentTarget.setPointerCapture(event.pointerId),
    onPointerMove: (event: PointerEvent) => {
      if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
      resize(size.height - event.movementY);
    },
    onKeyDown: (event: KeyboardEvent) => {
      const step = { ArrowUp: 16, ArrowDown: -16 }[event.key];
      if (!step) return;
      event.preventDefault();
      resize(size.height + step);
    },
  };
  return { ...size, grip, toggle: () => set({ ...size, isOpen: !size.isOpen }) };
}

function stored(): DockSize {
  const usual = { height: Math.round(Math.min(280, Math.max(150, innerHeight * 0.22))), isOpen: true };
  try {
    const { height, isOpen } = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<DockSize>;
    return typeof height === "number" ? { height, isOpen: isOpen !== false } : usual;
  } catch {
    return usual;
  }
}

function store(size: DockSize): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(size));
  } catch {
    // A browser without storage forgets the height.
  }
}
