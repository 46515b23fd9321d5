import { Fragment } from "react";
import { useEditor, useEditorState } from "../state/useEditor";

/** Where the person works when a definition is open: the way back to the design. */
export function Breadcrumbs() {
  const editor = useEditor();
  const inside = useEditorState((state) => state.inside);
  const whole = useEditorState((state) => state.whole);
  if (inside.length === 0) return null;
  return (
    <nav className="breadcrumbs" data-testid="breadcrumbs" aria-label="Open blocks">
      <button type="button" className="crumb" onClick={() => editor.enter([])}>
        {whole.name}
      </button>
      {inside.map((id, index) => {
        const title = whole.definitions[id]?.title || id;
        const isLast = index === inside.length - 1;
        return (
          <Fragment key={id}>
            <span aria-hidden="true">›</span>
            {isLast ? (
              <strong aria-current="page">{title}</strong>
            ) : (
              <button type="button" className="crumb" onClick={() => editor.enter(inside.slice(0, index + 1))}>
                {title}
              </button>
            )}
          </Fragment>
        );
      })}
      <span className="spring" />
      <span className="crumb-hint">Changes reach every block of this kind.</span>
      <button
        type="button"
        className="button small primary"
        onClick={() => editor.enter(inside.slice(0, -1))}
      >
        Done
      </button>
    </nav>
  );
}
