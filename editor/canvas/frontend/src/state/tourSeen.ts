const KEY = "blockwright/tour";

/** Whether this browser has seen the tour; one without storage has not. */
export const tourSeen = {
  get(): boolean {
    try {
      return localStorage.getItem(KEY) !== null;
    } catch {
      return false;
    }
  },
  keep(): void {
    try {
      localStorage.setItem(KEY, "seen");
    } catch {
      // It will be offered again.
    }
  },
};
