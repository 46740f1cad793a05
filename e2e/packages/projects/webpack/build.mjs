import { resolve } from "node:path";
import webpack from "webpack";

const output = { path: resolve("site"), filename: "page.js" };
webpack({ mode: "production", entry: "./page.js", output }, (error, stats) => {
  if (error) throw error;
  if (stats.hasErrors()) throw new Error(stats.toString());
});
