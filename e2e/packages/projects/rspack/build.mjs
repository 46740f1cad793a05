import { resolve } from "node:path";
import { rspack } from "@rspack/core";

const output = { path: resolve("site"), filename: "page.js" };
rspack({ mode: "production", entry: "./page.js", output }, (error, stats) => {
  if (error) throw error;
  if (stats.hasErrors()) throw new Error(stats.toString());
});
