import { Gallery, type Pictures } from "./diagram/pictures";

const galleries = new WeakMap<Node, Gallery>();

/** Whether Streamlit mounts the bundle for diagrams to look at, not for the canvas. */
export function arePictures(data: object | null): data is Pictures {
  return data !== null && "partners" in data;
}

export function mountPictures(parent: HTMLElement | ShadowRoot, data: Pictures): () => void {
  const gallery = galleries.get(parent) ?? new Gallery(parent);
  galleries.set(parent, gallery);
  gallery.show(data);
  // Streamlit also cleans up after a call that a newer one overtook.
  return () =>
    setTimeout(() => {
      if (gallery.isConnected) return;
      galleries.delete(parent);
      gallery.stop();
    });
}
