import { type CSSProperties, type KeyboardEvent, type RefObject, useMemo, useState } from "react";
import { addBlock, insertInto, placeBlock, replaceBlock } from "../actions/adding";
import { definitionOf } from "../model/definitions";
import type { Point } from "../model/layout";
import { grouped, matching } from "../model/search";
import type { BlockSchema } from "../model/types";
import type { EditorState, Hover } from "../state/state";
import { useEditorState } from "../state/useEditor";
import { Beside } from "./Beside";
import { BlockCard } from "./BlockCard";
import { Icon } from "./icons";
import { OwnItem } from "./OwnItem";
import { hueOf } from "./theme";
import { useBench } from "./useBench";
import { useHoverCard } from "./useHoverCard";
import { usePaletteDrag } from "./usePaletteDrag";

/** Every block there is, by category: drag one onto the canvas, or add it with Enter or a double click. */
export function Palette({ pane }: { pane: RefObject<HTMLElement | null> }) {
  const blocks = useEditorState((state) => state.blocks);
  const [query, setQuery] = useState("");
  const { drop, append } = useAdding();
  const { ghost, begin, isTouch } = usePaletteDrag(pane, drop, append);
  const onDouble = (block: BlockSchema) => isTouch.current || append(block);
  const { card, about, hold, close } = useHoverCard();
  const found = useMemo(() => matching(blocks, query), [blocks, query]);
  return (
    <aside className="palette" aria-label="Blocks">
      <label className="search">
        <Icon name="search" />
        <input
          data-testid="palette-search"
          type="search"
          placeholder="Search blocks"
          aria-label="Search blocks"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && found[0]) append(found[0]);
            if (event.key === "Escape") setQuery("");
          }}
        />
      </label>
      <div className="palette-list" onScroll={close} onPointerDown={close}>
        {[...grouped(found)].map(([category, members]) => (
          <section key={category} style={{ "--hue": hueOf(category) } as CSSProperties}>
            <h2>{category}</h2>
            {members.map((block, index) => {
              const key = block.brings ? `${block.type} ${index}` : `${block.type}/${block.preset?.id ?? ""}`;
              const item = (
                <PaletteItem
                  key={key}
                  block={block}
                  begin={begin}
                  append={append}
                  onDouble={onDouble}
                  about={about(block)}
                  described={card?.block === block}
                />
              );
              if (definitionOf(block.type) === null || block.brings) return item;
              return (
                <OwnItem key={block.type} block={block}>
                  {item}
                </OwnItem>
              );
            })}
          </section>
        ))}
        {blocks.length > 0 && found.length === 0 && (
          <p className="palette-none">No block is called “{query}”.</p>
        )}
      </div>
      {ghost && <Ghost block={ghost.block} at={ghost.at} />}
      {card && !ghost && (
        <Beside anchor={card.anchor} side="right" role="tooltip" id={CARD} data-testid="block-card" {...hold}>
          <BlockCard block={card.block} />
        </Beside>
      )}
    </aside>
  );
}

function useAdding() {
  const bench = useBench();
  return useMemo(() => {
    const drop = (block: BlockSchema, pointer: Point, onto: Hover | null) => {
      if (onto?.kind === "link") insertInto(bench, onto.key, block);
      else if (onto?.kind === "node") replaceBlock(bench, onto.id, block);
      else placeBlock(bench, block, pointer);
    };
    const append = (block: BlockSchema) => addBlock(bench, block, null);
    return { drop, append };
  }, [bench]);
}

/** The id of the card that describes an entry. */
const CARD = "block-card";

interface PaletteItemProps {
  block: BlockSchema;
  begin: ReturnType<typeof usePaletteDrag>["begin"];
  append: (block: BlockSchema) => void;
  /** Two clicks of the mouse; two taps have added twice already. */
  onDouble: (block: BlockSchema) => void;
  about: ReturnType<ReturnType<typeof useHoverCard>["about"]>;
  described: boolean;
}

function PaletteItem({ block, begin, append, onDouble, about, described }: PaletteItemProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    append(block);
  };
  return (
    <button
      type="button"
      className={block.preset ? "palette-item palette-preset" : "palette-item"}
      data-testid={block.preset ? "palette-preset" : "palette-item"}
      data-block={block.type}
      data-preset={block.preset?.id}
      aria-describedby={described ? CARD : undefined}
      {...about}
      onPointerDown={(event) => begin(event, block)}
      onDoubleClick={() => onDouble(block)}
      onKeyDown={onKeyDown}
    >
      <span className="swatch" />
      {block.title}
    </button>
  );
}

function Ghost({ block, at }: { block: BlockSchema; at: Point }) {
  const words = useEditorState(landingWords);
  const style = { "--hue": hueOf(block.category), left: at.x, top: at.y } as CSSProperties;
  return (
    <div className="ghost" style={style} aria-hidden="true">
      <span className="swatch" />
      <span>
        {block.title}
        {words && <small>{words}</small>}
      </span>
    </div>
  );
}

/** What letting go here would do, where it is more than adding. */
function landingWords({ hover, document }: EditorState): string | null {
  if (hover?.kind === "link") return "Insert into this link";
  if (hover?.kind !== "node") return null;
  return `Replace ${document.nodes.find((node) => node.id === hover.id)?.name ?? "this block"}`;
}
