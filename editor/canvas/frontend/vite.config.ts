import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

/** Vite lists the licences of what the entry bundles; the worker's one package is added here. */
function graphvizLicense(): Plugin {
  const source = readFileSync("node_modules/@hpcc-js/wasm-graphviz/LICENSE", "utf8");
  return {
    name: "graphviz-license",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "license-graphviz.txt", source });
    },
  };
}

// One entry with a default export (Streamlit calls it), the Graphviz worker beside it, both named
// by their content: Streamlit serves them without an ETag.
export default defineConfig({
  base: "./",
  plugins: [graphvizLicense()],
  publicDir: false,
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    license: { fileName: "licenses.md" },
    chunkSizeWarningLimit: 1_000,
    rollupOptions: {
      input: { canvas: "src/index.tsx" },
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "canvas-[hash].js", codeSplitting: false },
    },
  },
  worker: { format: "es", rollupOptions: { output: { entryFileNames: "graphviz-[hash].js" } } },
});
