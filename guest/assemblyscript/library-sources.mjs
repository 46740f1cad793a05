// Gives the AssemblyScript sources of the SDK to the bundler as one module, `#library-sources`.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const NAME = "#library-sources";

/** The sources by path, as JSON. */
export function librarySources() {
  const root = import.meta.dirname;
  const paths = [
    "index.ts",
    ...readdirSync(join(root, "assembly")).map((name) => `assembly/${name}`),
  ];
  return JSON.stringify(
    Object.fromEntries(
      paths.toSorted().map((path) => [path, readFileSync(join(root, path), "utf8")]),
    ),
  );
}
