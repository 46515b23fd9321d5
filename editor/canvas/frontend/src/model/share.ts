/**
 * `next` with every part that equals the same part of `previous` replaced by it, so that a whole
 * document parsed anew keeps the identity of what did not change and only the rest is drawn again.
 */
export function share<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next;
  if (!isContainer(previous) || !isContainer(next)) return next;
  if (Array.isArray(previous) !== Array.isArray(next)) return next;
  const merged = Array.isArray(next) ? shareItems(previous, next) : shareFields(previous, next);
  return same(previous, merged) ? (previous as T) : (merged as T);
}

type Container = Record<string, unknown>;

function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}

/** Items that carry an id are matched by it, others by place. */
function shareItems(previous: Container, next: unknown[]): unknown[] {
  const former = Object.values(previous);
  const byId = new Map(former.map((item) => [idOf(item), item]));
  return next.map((item, index) => share(byId.get(idOf(item) ?? NaN) ?? former[index], item));
}

function idOf(item: unknown): unknown {
  return isContainer(item) ? item.id : undefined;
}

function shareFields(previous: Container, next: Container): Container {
  return Object.fromEntries(Object.entries(next).map(([key, value]) => [key, share(previous[key], value)]));
}

function same(previous: Container, merged: object): boolean {
  const former = Object.keys(previous);
  const now = Object.entries(merged);
  return former.length === now.length && now.every(([key, value]) => Object.is(previous[key], value));
}
