import { defineConfig } from "vite";

/** Isolation lets a guest wait in shared memory; the demo works without it too. */
export const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  base: "./",
  build: { outDir: "build/demo", target: "es2022" },
  server: { headers: ISOLATION },
  preview: { headers: ISOLATION },
});
