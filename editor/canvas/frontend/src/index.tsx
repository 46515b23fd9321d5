import { createRoot, type Root } from "react-dom/client";
import type { Pictures } from "./diagram/pictures";
import type { Payload } from "./model/types";
import { arePictures, mountPictures } from "./mountPictures";
import { Editor } from "./state/editor";
import { EditorContext } from "./state/useEditor";
import type { Host } from "./state/voice";
import { styleSheet } from "./styles/sheet";
import { watchConnection } from "./sync/connection";
import { App } from "./ui/App";
import { themeOf } from "./ui/theme";

/** What Streamlit calls with, at mount and again whenever the data or the theme changes. */
interface Call extends Host {
  readonly data: Payload | Pictures | null;
  readonly parentElement: HTMLElement | ShadowRoot;
}

interface Mount {
  readonly root: Root;
  readonly container: HTMLElement;
  readonly unwatch: () => void;
}

// The editor outlives mounts: a page switch unmounts the component, not the person's work.
const editor = new Editor({ client: crypto.randomUUID(), storage: browserStorage() });
const mounts = new WeakMap<Node, Mount>();
let mounted = 0;

export default function canvas({ data, parentElement, setStateValue, setTriggerValue }: Call) {
  if (arePictures(data)) return mountPictures(parentElement, data);
  const former = mounts.get(parentElement);
  const mount = former ?? createMount(parentElement);
  editor.connect({ setStateValue, setTriggerValue });
  if (data) {
    editor.receive(data);
    completeAddress(data);
  }
  if (!former) editor.greet();
  mount.root.render(
    <EditorContext value={editor}>
      <App theme={themeOf(mount.container)} />
    </EditorContext>,
  );
  return () => leave(parentElement);
}

/**
 * Put the design into an address that names none, without a step of the browser's history. A link's
 * design stays in the address until it is stored, so that a reload finds it again.
 */
function completeAddress({ design_id, guest }: Payload): void {
  const address = new URL(location.href);
  const names = address.searchParams;
  const former = names.toString();
  if (!names.has("design")) names.set("design", design_id);
  if (!guest) names.delete("link");
  if (names.toString() !== former) history.replaceState(history.state, "", address);
}

function createMount(parent: HTMLElement | ShadowRoot): Mount {
  const container = document.createElement("div");
  container.className = "blockwright-frame";
  parent.querySelector(".place")?.remove();
  parent.append(container);
  if (parent instanceof ShadowRoot) parent.adoptedStyleSheets = [styleSheet()];
  const unwatch = watchConnection((connected) => editor.setConnected(connected));
  const mount = { root: createRoot(container), container, unwatch };
  mounts.set(parent, mount);
  mounted += 1;
  return mount;
}

/** Streamlit also cleans up after a call that a newer one overtook: only a component off the page goes. */
function leave(parent: HTMLElement | ShadowRoot): void {
  setTimeout(() => {
    const mount = mounts.get(parent);
    if (!mount || mount.container.isConnected) return;
    mounts.delete(parent);
    mount.unwatch();
    mount.root.unmount();
    mount.container.remove();
    if (--mounted === 0) editor.leave();
  });
}

function browserStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
