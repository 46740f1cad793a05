import { cloche } from "@cloche/vite";
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  // The compilers are fetched by their worker when they are needed.
  worker: { format: "es" },
  build: {
    outDir: "build/demo",
    target: "es2022",
    // The editor and the compilers are fetched when they are needed.
    chunkSizeWarningLimit: 20_000,
    // For scripts/check-demo-size.mjs.
    manifest: true,
    rolldownOptions: {
      input: {
        double: "index.html",
        playground: "demo/playground/index.html",
        editor: "demo/editor/index.html",
      },
    },
  },
  // Isolation lets a guest wait in shared memory; the demo works without it too.
  plugins: [cloche({ isolate: true, declarations: "demo/cloche-plugins.d.ts" })],
});
