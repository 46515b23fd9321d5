import { type CSSProperties, type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { type Found, find, type Search } from "../actions/finding";
import { useEditor, useEditorState } from "../state/useEditor";
import { Icon } from "./icons";
import { Keys } from "./Keys";
import { hueOf } from "./theme";
import { useBench } from "./useBench";

const ASKS = {
  any: "Add a block, go to one, do something…",
  replace: "Replace with which block?",
  insert: "Insert which block?",
  add: "Add which block?",
  "link-to": "Link to which block?",
  "link-from": "Take an input from which block?",
} as const;

/** One field for everything: blocks to add, blocks to go to, actions, templates. */
export function CommandPalette() {
  const surface = useEditorState((state) => state.surface);
  return surface?.kind === "palette" ? <Box search={surface} /> : null;
}

function Box({ search }: { search: Search }) {
  const editor = useEditor();
  const bench = useBench();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [query, setQuery] = useState("");
  const [index, setIndex] = useState(0);
  const found = useMemo(() => find(editor.getState(), search, query), [editor, search, query]);
  useEffect(() => dialog.current?.showModal(), []);
  const choose = (one: Found | undefined) => {
    if (!one) return;
    editor.show(null);
    one.run(bench);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) setIndex((index + step + found.length) % found.length);
    else if (event.key === "Enter") choose(found[index]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      className="dialog command"
      data-testid="command"
      aria-label="Search"
      onClose={() => editor.show(null)}
      onKeyDown={onKeyDown}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <label className="search">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={found.length ? `${id}-${index}` : undefined}
          aria-label={ASKS[search.purpose]}
          placeholder={ASKS[search.purpose]}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setIndex(0);
          }}
        />
      </label>
      <div className="command-list" id={`${id}-list`} role="listbox" aria-label="Found">
        {found.map((one, place) => (
          <Row
            key={one.key}
            id={`${id}-${place}`}
            found={one}
            headed={one.section !== found[place - 1]?.section}
            active={place === index}
            choose={() => choose(one)}
          />
        ))}
        {found.length === 0 && <p className="palette-none">Nothing is called “{query}”.</p>}
      </div>
    </dialog>
  );
}

interface RowProps {
  id: string;
  found: Found;
  headed: boolean;
  active: boolean;
  choose: () => void;
}

function Row({ id, found, headed, active, choose }: RowProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const [keys] = found.action?.keys ?? [];
  return (
    <>
      {headed && (
        <h3 role="presentation" aria-hidden="true">
          {found.section}
        </h3>
      )}
      <div
        ref={row}
        id={id}
        className="command-row"
        role="option"
        aria-selected={active}
        aria-disabled={found.off ?? false}
        aria-label={`${found.section}: ${found.title}`}
        data-key={found.key}
        onClick={choose}
      >
        <Mark found={found} />
        <span className="command-title">{found.title}</span>
        <span className="command-detail">{found.detail}</span>
        {keys && <Keys keys={keys} />}
      </div>
    </>
  );
}

function Mark({ found }: { found: Found }) {
  if (found.icon) return <Icon name={found.icon} />;
  if (found.category === undefined) return <span className="command-blank" />;
  return (
    <span className="command-blank" style={{ "--hue": hueOf(found.category) } as CSSProperties}>
      <span className="swatch" />
    </span>
  );
}
