import { bytes, grouped, scaled } from "../model/format";
import { useEditor, useEditorState } from "../state/useEditor";
import { Fact } from "./BlockInspector";
import { DefinitionInspector } from "./DefinitionInspector";
import { duplicateSelection, linkSelection, packSelection, removeSelection } from "./useKeyboard";

const HELP = [
  ["Add a block", "drag it, or double-click"],
  ["Link", "draw from port to port"],
  ["Link selected", "L"],
  ["Select several", "Shift and drag or click"],
  ["Duplicate", "Ctrl D"],
  ["Copy, cut, paste", "Ctrl C, X, V"],
  ["Make a block", "Ctrl G"],
  ["Delete", "Del"],
  ["Undo, redo", "Ctrl Z, Ctrl Shift Z"],
  ["Fit to view", "F"],
  ["Zoom", "Ctrl and wheel"],
] as const;

/** With no block or several selected: the design's totals, and how things are done. */
export function DesignInspector({ selected }: { selected: readonly string[] }) {
  const totals = useEditorState((state) => state.overlay.totals);
  const inside = useEditorState((state) => state.inside.at(-1) ?? "");
  const open = useEditorState((state) => state.whole.definitions[inside]);
  return (
    <div className="inspector-scroll">
      {selected.length > 1 ? (
        <Several count={selected.length} />
      ) : (
        <h2 className="inspector-title">{open ? "Own block" : "Whole design"}</h2>
      )}
      {open && selected.length === 0 && <DefinitionInspector id={inside} data={open} />}
      {open && <h2 className="inspector-title">Whole design</h2>}
      <dl className="facts">
        <Fact term="Trainable" value={grouped(totals.trainable)} />
        <Fact term="Not trained" value={grouped(totals.non_trainable)} />
        <Fact term="Weights" value={bytes(totals.weights_bytes)} />
        <Fact term="Activations" value={bytes(totals.activation_bytes)} />
        <Fact term="MACs" value={scaled(totals.macs)} exact={grouped(totals.macs)} />
        <Fact term="Layers" value={grouped(String(totals.layers))} />
      </dl>
      <dl className="keys">
        {HELP.map(([what, how]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{how}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Several({ count }: { count: number }) {
  const editor = useEditor();
  return (
    <div className="inspector-several">
      <h2 className="inspector-title">{count} blocks selected</h2>
      <div className="inspector-actions">
        <button
          type="button"
          className="button small primary"
          title="Make a block of your own of these (Ctrl G)"
          onClick={() => packSelection(editor)}
        >
          Make a block
        </button>
      </div>
      <div className="inspector-actions">
        <button type="button" className="button small" onClick={() => linkSelection(editor)}>
          Link
        </button>
        <button type="button" className="button small" onClick={() => duplicateSelection(editor)}>
          Duplicate
        </button>
        <button type="button" className="button small" onClick={() => removeSelection(editor)}>
          Delete
        </button>
      </div>
    </div>
  );
}
