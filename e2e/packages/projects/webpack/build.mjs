import { resolve } from "node:path";
import webpack from "webpack";

const output = { path: resolve("site"), filename: "page.js" };
// The tests of rspack, Vite and Parcel minify, in a fraction of the time.
const optimization = { minimize: false };
webpack({ mode: "production", entry: "./page.js", output, optimization }, (error, stats) => {
  if (error) throw error;
  if (stats.hasErrors()) throw new Error(stats.toString());
});
