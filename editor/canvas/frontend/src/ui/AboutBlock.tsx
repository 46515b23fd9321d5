import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { BlockSchema } from "../model/types";
import { useEditor } from "../state/useEditor";
import { Beside } from "./Beside";
import { BlockCard } from "./BlockCard";
import { Icon } from "./icons";

/** In the inspector: opens the whole card about a block's type, beside the form. */
export function AboutBlock({ block }: { block: BlockSchema }) {
  const editor = useEditor();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const toggle = () => {
    editor.askForInsides();
    setOpen(!open);
  };
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="quiet"
        aria-label="About this block"
        aria-expanded={open}
        title="About this block"
        onClick={toggle}
      >
        <Icon name="help" />
      </button>
      {open && button.current && <About anchor={button.current} block={block} close={close} />}
    </>
  );
}

interface AboutProps {
  anchor: HTMLElement;
  block: BlockSchema;
  close: () => void;
}

function About({ anchor, block, close }: AboutProps) {
  const card = useRef<HTMLButtonElement>(null);
  useEffect(() => card.current?.focus(), []);
  useEffect(() => {
    const onPress = (event: PointerEvent) => {
      const path = event.composedPath();
      if (!path.includes(anchor) && !path.some(isCard)) close();
    };
    addEventListener("pointerdown", onPress, { capture: true });
    return () => removeEventListener("pointerdown", onPress, { capture: true });
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  };
  return (
    <Beside
      anchor={anchor}
      side="left"
      className="about-block"
      role="dialog"
      aria-label={`About ${block.title}`}
      data-testid="about-block"
      onKeyDown={onKeyDown}
    >
      <button ref={card} type="button" className="quiet about-close" aria-label="Close" onClick={close}>
        <Icon name="close" />
      </button>
      <BlockCard block={block} whole />
    </Beside>
  );
}

function isCard(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.classList.contains("about-block");
}
