import { ViewportPortal } from "@xyflow/react";
import type { Guide } from "../model/placing";

/** Thin lines through what a dragged block stands in line with. */
export function Guides({ guides }: { guides: readonly Guide[] }) {
  return (
    <ViewportPortal>
      {guides.map(({ axis, at, from, to }) => (
        <div
          key={axis}
          className="guide"
          data-testid="guide"
          data-axis={axis}
          style={
            axis === "x"
              ? { left: at, top: from, width: 0, height: to - from }
              : { left: from, top: at, width: to - from, height: 0 }
          }
        />
      ))}
    </ViewportPortal>
  );
}
