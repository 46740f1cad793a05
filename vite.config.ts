import { cloche } from "@cloche/vite";
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: { outDir: "build/demo", target: "es2022" },
  // Isolation lets a guest wait in shared memory; the demo works without it too.
  plugins: [cloche({ isolate: true, declarations: "demo/cloche-plugins.d.ts" })],
});
