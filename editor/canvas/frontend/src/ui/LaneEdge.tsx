import { BaseEdge, type EdgeProps } from "@xyflow/react";
import { lanePath } from "../model/routes";

/** A link that is led around the blocks in its way. */
export function LaneEdge({ sourceX, sourceY, targetX, targetY, data, interactionWidth }: EdgeProps) {
  const path = lanePath({ x: sourceX, y: sourceY }, { x: targetX, y: targetY }, data?.lane as number);
  return <BaseEdge path={path} interactionWidth={interactionWidth ?? 18} />;
}
