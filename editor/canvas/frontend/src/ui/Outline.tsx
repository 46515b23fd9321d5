import { useMemo, useRef, useState } from "react";
import { action, perform } from "../actions";
import { outline } from "../model/outline";
import { useEditorState } from "../state/useEditor";
import { Keys } from "./Keys";
import { OutlineLine } from "./OutlineLine";
import { useBench } from "./useBench";
import { useFocusInOutline } from "./useFocusInOutline";
import { currentRow, useOutlineKeys } from "./useOutlineKeys";

/** The whole design as a tree of lines: everything the canvas can do, by keyboard alone. */
export function Outline() {
  const grid = useRef<HTMLDivElement>(null);
  const document = useEditorState((state) => state.document);
  const selection = useEditorState((state) => state.selection);
  const selectedLinks = useEditorState((state) => state.selectedLinks);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState<string | null>(null);
  const rows = useMemo(() => outline(document, open), [document, open]);
  const current = currentRow(rows, at, selection, selectedLinks);
  const { onKeyDown, onClick } = useOutlineKeys({ rows, current, setAt, setOpen });
  const focus = useFocusInOutline(grid, current?.key);
  if (rows.length === 0) return <NoBlocks {...focus} />;
  return (
    <div className="outline" ref={grid} data-testid="outline" {...focus}>
      <div
        role="treegrid"
        aria-label="Outline of the blocks"
        aria-multiselectable="true"
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        <div role="row" className="outline-row outline-head">
          {["Name", "Block", "Inputs", "Output", "Parameters", "Problems"].map((title) => (
            <span key={title} role="columnheader">
              {title}
            </span>
          ))}
        </div>
        {rows.map((row) => (
          <OutlineLine
            key={row.key}
            row={row}
            isOpen={open.has(row.node.id)}
            isCurrent={row === current}
            isSelected={row.kind === "block" ? selection.includes(row.key) : selectedLinks.includes(row.key)}
          />
        ))}
      </div>
      <Hint />
    </div>
  );
}

/** Actions in as few words as the line has room for. */
const HINTS = [
  ["add", "Add after"],
  ["link-to", "Link to"],
  ["link-from", "Link from"],
  ["rename", "Rename"],
  ["delete", "Delete"],
] as const;

/** The keys that work on a line. */
function Hint() {
  return (
    <dl className="outline-keys" id="outline-keys">
      <Key keys="Enter">Edit</Key>
      {HINTS.map(([id, words]) => (
        <Key key={id} keys={action(id).keys?.[0] ?? ""}>
          {words}
        </Key>
      ))}
      <Key keys="ArrowRight">Inputs</Key>
      <Key keys="Alt+ArrowUp">Reorder</Key>
    </dl>
  );
}

function Key({ keys, children }: { keys: string; children: string }) {
  return (
    <div>
      <dt>{children}</dt>
      <dd>
        <Keys keys={keys} />
      </dd>
    </div>
  );
}

function NoBlocks(focus: ReturnType<typeof useFocusInOutline>) {
  const bench = useBench();
  return (
    <div className="outline outline-none" data-testid="outline" {...focus}>
      <p className="calm">The blocks of the network will be listed here, in the order in which data flows.</p>
      <button type="button" className="button" tabIndex={0} onClick={() => perform(action("add"), bench)}>
        Add the first block <Keys keys="A" />
      </button>
    </div>
  );
}
