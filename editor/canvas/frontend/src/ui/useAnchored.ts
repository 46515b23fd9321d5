import { type RefObject, useEffect } from "react";

const GAP = 14;
const EDGE = 8;
const AROUND = 4;
/** Where to find what the palette does not show just now. */
const SEARCH = '[data-testid="palette-search"]';

/**
 * Keeps a card beside what it points at and a ring around that, wherever either moves. The card goes
 * to the right, else to the left, and never over its target, or over the block that the target is on.
 */
export function useAnchored(
  card: RefObject<HTMLElement | null>,
  ring: RefObject<HTMLElement | null>,
  target: string,
): void {
  useEffect(() => {
    const root = card.current?.getRootNode() as Document | ShadowRoot | undefined;
    const found = () => root?.querySelector(target) ?? root?.querySelector(SEARCH);
    found()?.scrollIntoView({ block: "nearest" });
    let frame = 0;
    const follow = () => {
      const element = found();
      if (card.current && ring.current && element) place(card.current, ring.current, element);
      frame = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(frame);
  }, [card, ring, target]);
}

function place(card: HTMLElement, ring: HTMLElement, target: Element): void {
  const box = target.getBoundingClientRect();
  const whole = target.closest(".react-flow__node")?.getBoundingClientRect() ?? box;
  const { width, height } = card.getBoundingClientRect();
  const right = whole.right + GAP + AROUND;
  const left = right + width + EDGE <= innerWidth ? right : whole.left - GAP - AROUND - width;
  const top = Math.max(EDGE, Math.min(box.top - EDGE, innerHeight - height - EDGE));
  card.style.translate = `${left}px ${top}px`;
  ring.style.translate = `${box.left - AROUND}px ${box.top - AROUND}px`;
  ring.style.width = `${box.width + 2 * AROUND}px`;
  ring.style.height = `${box.height + 2 * AROUND}px`;
}
