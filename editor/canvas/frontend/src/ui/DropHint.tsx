import { useFileDrop } from "./useFileDrop";

/** What a file that is held over the page becomes when it is let go. */
export function DropHint() {
  if (!useFileDrop()) return null;
  return (
    <div className="drop-hint" data-testid="drop-hint" role="status">
      <strong>Drop to open</strong>
      <span>A design, a Keras model, exported Python code or a backup. The design that is open now stays in the library.</span>
    </div>
  );
}
