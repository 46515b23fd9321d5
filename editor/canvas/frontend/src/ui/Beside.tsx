import { type HTMLAttributes, type ReactNode, useLayoutEffect, useRef } from "react";

const GAP = 6;

interface BesideProps extends HTMLAttributes<HTMLDivElement> {
  anchor: HTMLElement;
  side: "left" | "right";
  children: ReactNode;
}

/** Floats beside an element, as high as it stands, and stays within the window. */
export function Beside({ anchor, side, children, className = "", ...rest }: BesideProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const panel = anchor.closest("aside")?.getBoundingClientRect() ?? anchor.getBoundingClientRect();
    const float = box.current;
    if (!float) return;
    const { width, height } = float.getBoundingClientRect();
    const left = side === "right" ? panel.right + GAP : panel.left - GAP - width;
    const lowest = innerHeight - GAP - height;
    const top = Math.max(GAP, Math.min(anchor.getBoundingClientRect().top, lowest));
    float.style.translate = `${left}px ${top}px`;
  });
  return (
    <div ref={box} className={`beside ${className}`} {...rest}>
      {children}
    </div>
  );
}
