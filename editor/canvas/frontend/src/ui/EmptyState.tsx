import { tourSeen } from "../state/tourSeen";
import { useEditor, useEditorState } from "../state/useEditor";

/** What to do first, in the middle of an empty canvas. */
export function EmptyState() {
  const editor = useEditor();
  const isEmpty = useEditorState(
    (state) => state.revision >= 0 && state.document.nodes.length === 0 && !state.tour,
  );
  const templates = useEditorState((state) => state.templates);
  if (!isEmpty) return null;
  return (
    <div className="empty" data-testid="empty">
      <p className="empty-lead">
        <span className="by-mouse">Drag an Image block here</span>
        <span className="by-touch">Tap Image in the list of blocks</span> to start
        {templates.length ? ", or open a template" : ""}.
      </p>
      <p className="empty-hint">Then add blocks below it and draw links from port to port.</p>
      <p className="empty-hint by-mouse">A design, a Keras model or exported code dropped here opens.</p>
      <button
        type="button"
        className={tourSeen.get() ? "button empty-tour" : "button primary empty-tour"}
        onClick={() => editor.beginTour()}
      >
        Build a residual network in six steps
      </button>
      <div className="empty-templates">
        {templates.slice(0, 3).map((template) => (
          <button
            key={template.id}
            type="button"
            className="button"
            onClick={() => editor.act({ kind: "open_template", id: template.id })}
          >
            {template.title}
          </button>
        ))}
      </div>
    </div>
  );
}
