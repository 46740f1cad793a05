import { createReadStream, existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { cloche } from "@cloche/vite";
import { defineConfig, type Plugin } from "vite";
import { writeExamples } from "../examples/examples.ts";
import { packLibrary } from "../packages/packed-library.ts";
import { INSTALLED } from "../programs/installed.ts";

/** Serves the programs for e2e/programs: they are too large to go through Playwright. */
const programs: Plugin = {
  name: "installed programs",
  configurePreviewServer({ middlewares }) {
    middlewares.use("/installed", ({ url = "" }, response, next) => {
      const file = join(INSTALLED, basename(url));
      if (!existsSync(file)) return next();
      response.setHeader("content-type", "application/wasm");
      createReadStream(file).pipe(response);
    });
  },
};

/** The page that e2e tests run the library in: built as a user's would be, served with and without isolation. */
export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  plugins: [
    { name: "examples of the documentation", buildStart: writeExamples },
    { name: "the packed library", buildStart: packLibrary },
    cloche({ isolate: mode !== "plain", declarations: false }),
    programs,
  ],
  publicDir: resolve(import.meta.dirname, "../../public"),
  build: {
    outDir: resolve(import.meta.dirname, "../../build/harness"),
    emptyOutDir: true,
    target: "es2022",
  },
}));
