import { action, keyWords, perform } from "../actions";
import { useEditorState } from "../state/useEditor";
import { BudgetPanel } from "./BudgetPanel";
import { DefinitionInspector } from "./DefinitionInspector";
import { HeadHint } from "./HeadHint";
import { Icon } from "./icons";
import { Keys } from "./Keys";
import { useBench } from "./useBench";

/** The first things to know; the rest is behind the question mark. */
const HELP = ["palette", "link", "pack", "duplicate", "undo", "fit", "keys"];

/** With no block or several selected: the design's budget, and how things are done. */
export function DesignInspector({ selected }: { selected: readonly string[] }) {
  const inside = useEditorState((state) => state.inside.at(-1) ?? "");
  const open = useEditorState((state) => state.whole.definitions[inside]);
  return (
    <div className="inspector-scroll">
      {selected.length > 1 ? (
        <Several count={selected.length} />
      ) : (
        open && <h2 className="inspector-title">Own block</h2>
      )}
      {open && selected.length === 0 && <DefinitionInspector id={inside} data={open} />}
      <BudgetPanel />
      <dl className="keys">
        {HELP.map(action).map(({ id, title, keys = [] }) => (
          <div key={id}>
            <dt>{title}</dt>
            <dd>
              <Keys keys={keys[0] ?? ""} />
            </dd>
          </div>
        ))}
      </dl>
      {selected.length === 0 && <HeadHint />}
    </div>
  );
}

function Several({ count }: { count: number }) {
  return (
    <div className="inspector-several">
      <h2 className="inspector-title">{count} blocks selected</h2>
      <div className="inspector-actions">
        <ActionButton id="pack" words="Make a block" primary />
        <ActionButton id="fold-up" words="Fold into one" />
      </div>
      <div className="inspector-actions">
        <ActionButton id="link" words="Link" />
        <ActionButton id="duplicate" words="Duplicate" />
        <ActionButton id="delete" words="Delete" />
      </div>
      <div className="inspector-actions align-actions">
        {ALIGN.map((id) => (
          <AlignButton key={id} id={id} />
        ))}
      </div>
    </div>
  );
}

const ALIGN = ["left", "centre", "right", "top", "middle", "bottom"].map((edge) => `align-${edge}`);

function ActionButton({ id, words, primary = false }: { id: string; words: string; primary?: boolean }) {
  const bench = useBench();
  const one = action(id);
  return (
    <button
      type="button"
      className={primary ? "button small primary" : "button small"}
      title={`${one.title} (${keyWords(one)})`}
      onClick={() => perform(one, bench)}
    >
      {words}
    </button>
  );
}

function AlignButton({ id }: { id: string }) {
  const bench = useBench();
  const one = action(id);
  return (
    <button
      type="button"
      className="quiet"
      aria-label={one.title}
      title={[one.title, keyWords(one)].filter(Boolean).join(" · ")}
      onClick={() => perform(one, bench)}
    >
      {one.icon && <Icon name={one.icon} />}
    </button>
  );
}
