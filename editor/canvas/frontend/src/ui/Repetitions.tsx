import { grouped, scaled, shapeText } from "../model/format";
import { firstWords } from "../model/params";
import type { BlockSchema, DesignNode, Turn } from "../model/types";
import { useEditor } from "../state/useEditor";
import { Icon } from "./icons";

interface TimesProps {
  node: DesignNode;
  open: boolean;
  tabIndex: number;
}

/** How often a block is repeated; a click shows its repetitions one by one. */
export function Times({ node, open, tabIndex }: TimesProps) {
  const editor = useEditor();
  return (
    <button
      type="button"
      className="block-times nodrag"
      tabIndex={tabIndex}
      aria-expanded={open}
      aria-label={`${open ? "Fold" : "Unfold"} the ${node.repeat} repetitions of ${node.name}`}
      title={`${open ? "Fold" : "Unfold"} the repetitions (U)`}
      onClick={(event) => {
        event.stopPropagation();
        editor.fold(node.id, !open);
      }}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === " ") event.stopPropagation();
      }}
    >
      × {node.repeat}
      <Icon name={open ? "up" : "down"} />
    </button>
  );
}

interface RepetitionsProps {
  node: DesignNode;
  schema: BlockSchema | undefined;
  turns: readonly Turn[];
}

/** The repetitions of a block beside its face; the first one says in what it differs. */
export function Repetitions({ node, schema, turns }: RepetitionsProps) {
  const differs = schema ? firstWords(schema, node.first) : "";
  return (
    <div className="turns nodrag nowheel" data-testid="repetitions" data-name={node.name}>
      {turns.length === 0 && <p>The repetitions have numbers once something comes in.</p>}
      {turns.length > 0 && (
        <table aria-label={`Repetitions of ${node.name}`}>
          <thead>
            <tr>
              <th scope="col">Repetition</th>
              <th scope="col">Output</th>
              <th scope="col">Parameters</th>
              <th scope="col">MACs</th>
            </tr>
          </thead>
          <tbody>
            {turns.map((turn, index) => (
              <tr key={turn.name} data-first={index === 0 && differs !== ""}>
                <th scope="row">
                  {turn.name}
                  {index === 0 && differs !== "" && <small>{differs}</small>}
                </th>
                <td>{shapeText(turn.shape)}</td>
                <td>{grouped(turn.params)}</td>
                <td>{scaled(turn.macs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {turns.length > 0 && turns.length < node.repeat && <p>and {node.repeat - turns.length} more</p>}
    </div>
  );
}
