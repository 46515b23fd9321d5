import type { DrawAnswer, DrawRequest } from "./protocol";

/**
 * Graphviz in a worker, so that drawing never holds up the page. While one drawing is under way
 * only the newest of those asked for meanwhile is kept.
 */
export class Artist {
  private worker: Worker | null = null;
  private busy = false;
  private next: string | null = null;
  private number = 0;

  constructor(
    private readonly show: (answer: DrawAnswer) => void,
    private readonly direction: "right" | "down" = "right",
  ) {}

  draw(dot: string): void {
    if (this.busy) {
      this.next = dot;
      return;
    }
    this.busy = true;
    this.number += 1;
    const request: DrawRequest = { number: this.number, dot: this.direction === "right" ? lyingDown(dot) : dot };
    this.ready().postMessage(request);
  }

  stop(): void {
    this.worker?.terminate();
    this.worker = null;
    this.busy = false;
    this.next = null;
  }

  private ready(): Worker {
    if (!this.worker) {
      this.worker = new Worker(new URL("./graphviz.worker.ts", import.meta.url), { type: "module" });
      this.worker.onmessage = ({ data }: MessageEvent<DrawAnswer>) => this.finish(data);
      this.worker.onerror = () =>
        this.finish({ number: this.number, error: "Graphviz could not be loaded." });
    }
    return this.worker;
  }

  private finish(answer: DrawAnswer): void {
    this.busy = false;
    this.show(answer);
    const { next } = this;
    this.next = null;
    if (next !== null) this.draw(next);
  }
}

/** The dock is wide and low, so there the network runs from left to right. */
function lyingDown(dot: string): string {
  return dot.replace("{", "{ rankdir=LR;");
}

/** The SVG of one diagram, upright, from a worker of its own. */
export function drawOnce(dot: string): Promise<string> {
  const worker = new Worker(new URL("./graphviz.worker.ts", import.meta.url), { type: "module" });
  const drawn = new Promise<string>((resolve, reject) => {
    worker.onerror = () => reject(new Error("Graphviz could not be loaded."));
    worker.onmessage = ({ data }: MessageEvent<DrawAnswer>) =>
      "svg" in data ? resolve(data.svg) : reject(new Error(data.error));
  });
  const request: DrawRequest = { number: 1, dot };
  worker.postMessage(request);
  return drawn.finally(() => worker.terminate());
}
