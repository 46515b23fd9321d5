import { type RefObject, useLayoutEffect, useState } from "react";

const LEAST = 560;
/** What remains of the page below the editor, so that one sees there is more. */
const PEEK = 40;

/** The height that reaches from where the element begins to just above the window's lower edge. */
export function useFullHeight(element: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(LEAST);
  useLayoutEffect(() => {
    const measure = () => {
      const top = offsetInScroller(element.current);
      setHeight(Math.max(LEAST, innerHeight - top - PEEK));
    };
    measure();
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }, [element]);
  return height;
}

/** The element's top as it stands when its page is scrolled all the way up. */
function offsetInScroller(element: HTMLElement | null): number {
  if (!element) return 0;
  const scroller = document.querySelector('[data-testid="stMain"]') ?? document.documentElement;
  return Math.round(element.getBoundingClientRect().top + scroller.scrollTop);
}
