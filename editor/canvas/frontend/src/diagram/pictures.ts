import { diagramSvg, fileName, saveFile } from "../picture/files";
import { Artist } from "./artist";
import { safeSvg } from "./sanitize";

/** Diagrams to look at side by side; `partners` are the ids of one block in the first and the second. */
export interface Pictures {
  readonly pictures: readonly Picture[];
  readonly partners: readonly (readonly [string, string])[];
}

interface Picture {
  readonly title: string;
  readonly dot: string;
}

interface Pane {
  readonly frame: HTMLElement;
  readonly title: HTMLElement;
  readonly save: HTMLButtonElement;
  readonly artist: Artist;
  dot: string;
}

const STYLE = `
  .pictures { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 16px;
    font: 14px/1.4 var(--st-font, "Source Sans", system-ui, sans-serif);
    color: var(--st-text-color, #262a35); }
  figure { margin: 0; min-width: 0; }
  figcaption { display: flex; align-items: center; gap: 8px; padding: 0 0 6px; font-weight: 600; }
  figcaption span { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  figcaption button { margin-left: auto; padding: 3px 10px; font: inherit; font-size: 13px;
    font-weight: 400; color: inherit; background: none; cursor: pointer;
    border: 1px solid var(--st-border-color, #dcdfe6); border-radius: 8px; }
  figcaption button:hover { color: var(--st-primary-color, #4f46e5); border-color: currentcolor; }
  figcaption button:focus-visible { outline: 2px solid var(--st-primary-color, #4f46e5); }
  .frame { box-sizing: border-box; height: 520px; overflow: auto; padding: 12px; display: flex;
    border: 1px solid var(--st-border-color, #dcdfe6); border-radius: 8px; scrollbar-width: thin; }
  .frame:focus-visible { outline: 2px solid var(--st-primary-color, #4f46e5); }
  .frame > svg { flex: none; margin: auto; }
  svg text { font-family: inherit; fill: var(--st-text-color, #262a35); }
  .node { cursor: pointer; }
  .edge path { stroke: color-mix(in srgb, currentcolor 55%, transparent); }
  .edge polygon { fill: color-mix(in srgb, currentcolor 55%, transparent); stroke: none; }
  .selected > :is(path, polygon) { stroke: var(--st-primary-color, #4f46e5); stroke-width: 3; }
  .fault { margin: auto; }
`;

/** Draws pictures into an element; a click on a block marks it, and its partner in the other one. */
export class Gallery {
  private readonly root = document.createElement("div");
  private readonly panes: Pane[] = [];
  private partners: Pictures["partners"] = [];

  constructor(parent: HTMLElement | ShadowRoot) {
    const style = document.createElement("style");
    style.textContent = STYLE;
    this.root.className = "pictures";
    parent.querySelector(".place")?.remove();
    parent.append(style, this.root);
  }

  get isConnected(): boolean {
    return this.root.isConnected;
  }

  show({ pictures, partners }: Pictures): void {
    this.partners = partners;
    while (this.panes.length > pictures.length) this.drop();
    pictures.forEach(({ title, dot }, index) => {
      const pane = this.panes[index] ?? this.add(index);
      pane.title.textContent = title;
      pane.save.setAttribute("aria-label", `Save the diagram of ${title} as SVG`);
      pane.frame.setAttribute("aria-label", `Diagram of ${title}`);
      if (pane.dot === dot) return;
      pane.dot = dot;
      pane.artist.draw(dot);
    });
  }

  stop(): void {
    while (this.panes.length > 0) this.drop();
  }

  private add(side: number): Pane {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    const title = document.createElement("span");
    const save = document.createElement("button");
    save.type = "button";
    save.textContent = "SVG";
    save.addEventListener("click", () => void this.save(side));
    caption.append(title, save);
    const frame = document.createElement("div");
    frame.className = "frame";
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.dataset.testid = "picture";
    frame.addEventListener("click", ({ target }) => this.pick(side, target as Element));
    figure.append(caption, frame);
    this.root.append(figure);
    const artist = new Artist((answer) => {
      const drawn = "svg" in answer ? safeSvg(answer.svg) : null;
      frame.replaceChildren(drawn ? fitted(drawn, frame.clientWidth - 26) : fault());
    }, "down");
    const pane = { frame, title, save, artist, dot: "" };
    this.panes.push(pane);
    return pane;
  }

  /** The diagram with its marks as a file, in colours for paper. */
  private async save(side: number): Promise<void> {
    const pane = this.panes[side];
    if (!pane) return;
    const title = pane.title.textContent ?? "";
    saveFile(await diagramSvg(pane.dot, title), fileName(`${title} compared`, "svg"));
  }

  private drop(): void {
    const pane = this.panes.pop();
    pane?.artist.stop();
    pane?.frame.parentElement?.remove();
  }

  private pick(side: number, target: Element): void {
    const id = target.closest("g.node")?.id.slice("node-".length);
    const pair = this.partners.find((ids) => ids[side] === id);
    this.panes.forEach(({ frame }, index) => {
      const wanted = index === side ? id : pair?.[index];
      for (const group of frame.querySelectorAll("g.node")) {
        const isWanted = wanted !== undefined && group.id === `node-${wanted}`;
        group.classList.toggle("selected", isWanted);
        if (isWanted && index !== side) reveal(frame, group);
      }
    });
  }
}

const LEGIBLE = 0.7;

function fitted(svg: SVGSVGElement, width: number): SVGSVGElement {
  const box = svg.viewBox.baseVal;
  const scale = Math.min(1.15, Math.max(LEGIBLE, width / box.width));
  svg.setAttribute("width", String(Math.round(box.width * scale)));
  svg.setAttribute("height", String(Math.round(box.height * scale)));
  return svg;
}

function fault(): HTMLElement {
  const words = document.createElement("p");
  words.className = "fault";
  words.textContent = "The diagram could not be drawn. Reload the page to try again.";
  return words;
}

function reveal(frame: HTMLElement, group: Element): void {
  const box = group.getBoundingClientRect();
  const view = frame.getBoundingClientRect();
  frame.scrollTop += box.top + box.height / 2 - view.top - view.height / 2;
  frame.scrollLeft += box.left + box.width / 2 - view.left - view.width / 2;
}
