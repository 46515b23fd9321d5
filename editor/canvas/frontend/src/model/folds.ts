/** Which blocks the person folded (false) or unfolded (true) in the diagram; the rest is as usual. */
export type Folds = { readonly [id: string]: boolean };

/** Whether a block's layers are drawn one by one: Graphviz frames them then. */
export function isUnfolded(dot: string, id: string): boolean {
  return dot.includes(`subgraph cluster_${id} {`) || dot.includes(`subgraph "cluster_${id}" {`);
}

export function idsOf(folds: Folds, unfolded: boolean): string[] {
  return Object.keys(folds).filter((id) => folds[id] === unfolded);
}
