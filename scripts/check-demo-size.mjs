// Checks how much script a page of the built demo needs before somebody can use it: its entry and what
// that imports, compressed. Parts that are fetched later do not count.
//
//   node scripts/check-demo-size.mjs    after `vite build`
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const FOLDER = resolve(import.meta.dirname, "../build/demo");
/** The playground is used on phones: 200 KB take a second at 1.6 Mbit/s. */
const MAX_KB = { "demo/playground/index.html": 200 };

const manifest = JSON.parse(readFileSync(join(FOLDER, ".vite/manifest.json"), "utf8"));

/** The chunks that a chunk needs, itself included. */
function neededBy(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const imported of manifest[name].imports ?? []) neededBy(imported, found);
  return found;
}

for (const [page, maxKb] of Object.entries(MAX_KB)) {
  const files = [...neededBy(page)].map((name) => manifest[name].file);
  const bytes = files
    .map((file) => gzipSync(readFileSync(join(FOLDER, file)), { level: 9 }).length)
    .reduce((sum, size) => sum + size);
  const kb = (bytes / 1000).toFixed(1);
  console.log(`${page}: ${kb} KB of script in ${files.length} files, limit ${maxKb} KB`);
  if (bytes > maxKb * 1000) process.exitCode = 1;
}
