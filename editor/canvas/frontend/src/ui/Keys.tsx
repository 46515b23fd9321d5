import { keyCaps } from "../actions";

/** Keys drawn as caps. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="keycaps">
      {keyCaps(keys).map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}
