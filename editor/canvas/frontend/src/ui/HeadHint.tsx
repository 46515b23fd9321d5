import { addAfter } from "../model/gestures";
import { headless } from "../model/ending";
import { useEditorState } from "../state/useEditor";
import { useBench } from "./useBench";

/** A word about a network that gives no answer yet; it is no problem, so it stands where nothing else does. */
export function HeadHint() {
  const { editor, view } = useBench();
  const end = useEditorState(({ document, catalog, inside }) => (inside.length ? null : headless(document, catalog)));
  const head = useEditorState(({ catalog }) => catalog.get("Classifier"));
  const isReady = useEditorState(({ overlay }) => overlay.problems.length === 0);
  if (!end || !head || !isReady) return null;
  const add = () => {
    const { document, catalog } = editor.getState();
    const added = addAfter(document, catalog, head, end.id);
    editor.apply(added);
    editor.select([added.id]);
    view.reveal(added.id);
  };
  return (
    <div className="head-hint" data-testid="head-hint">
      <p>The network ends with {end.name}, which gives features, not an answer.</p>
      <button type="button" className="button small" onClick={add}>
        Add a classifier head
      </button>
    </div>
  );
}
