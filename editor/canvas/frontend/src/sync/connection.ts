const ATTRIBUTE = "data-test-connection-state";

/**
 * Report Streamlit's connection now and whenever it changes. Streamlit tells it in an attribute of
 * its app element; where there is none, the browser's own word is taken.
 */
export function watchConnection(report: (connected: boolean) => void): () => void {
  const app = document.querySelector(`[${ATTRIBUTE}]`);
  const tell = () => report(isConnected(app));
  const observer = new MutationObserver(tell);
  if (app) observer.observe(app, { attributes: true, attributeFilter: [ATTRIBUTE] });
  addEventListener("online", tell);
  addEventListener("offline", tell);
  tell();
  return () => {
    observer.disconnect();
    removeEventListener("online", tell);
    removeEventListener("offline", tell);
  };
}

function isConnected(app: Element | null): boolean {
  const state = app?.getAttribute(ATTRIBUTE);
  return state ? state === "CONNECTED" : navigator.onLine;
}
