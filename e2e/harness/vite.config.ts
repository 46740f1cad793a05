import { resolve } from "node:path";
import { cloche } from "@cloche/vite";
import { defineConfig } from "vite";
import { writeExamples } from "../examples/examples.ts";

/** The page that e2e tests run the library in: built as a user's would be, served with and without isolation. */
export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  plugins: [
    { name: "examples of the documentation", buildStart: writeExamples },
    cloche({ isolate: mode !== "plain", declarations: false }),
  ],
  publicDir: resolve(import.meta.dirname, "../../public"),
  build: {
    outDir: resolve(import.meta.dirname, "../../build/harness"),
    emptyOutDir: true,
    target: "es2022",
  },
}));
