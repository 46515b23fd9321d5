import { defineConfig } from "vite";

// One entry with a default export (Streamlit calls it), the Graphviz worker beside it, both named
// by their content: Streamlit serves them without an ETag.
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rollupOptions: {
      input: { canvas: "src/index.tsx" },
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "canvas-[hash].js", codeSplitting: false },
    },
  },
  worker: { format: "es", rollupOptions: { output: { entryFileNames: "graphviz-[hash].js" } } },
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
});
