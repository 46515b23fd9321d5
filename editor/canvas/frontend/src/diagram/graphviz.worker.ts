import { Graphviz } from "@hpcc-js/wasm-graphviz";
import type { DrawAnswer, DrawRequest } from "./protocol";

const graphviz = Graphviz.load();

addEventListener("message", async ({ data }: MessageEvent<DrawRequest>) => {
  postMessage(await draw(data));
});

async function draw({ number, dot }: DrawRequest): Promise<DrawAnswer> {
  try {
    return { number, svg: (await graphviz).dot(dot, "svg") };
  } catch (error) {
    return { number, error: String(error) };
  }
}
