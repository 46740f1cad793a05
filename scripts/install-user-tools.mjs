// Installs the tools of users that e2e/packages tries the packed packages with: bundlers, compilers and
// versions of Node, as e2e/packages/package-lock.json pins them. They are large, and no dependencies of
// the package.
import { join, resolve } from "node:path";
import { installApart } from "./install-apart.mjs";

const root = resolve(import.meta.dirname, "..");
await installApart({
  sources: join(root, "e2e/packages"),
  /** The same as in `e2e/packages/packed-project.ts`. */
  installed: join(root, "node_modules/.cache/cloche-user-tools"),
  inputs: [import.meta.filename],
});
console.log("The tools of users are installed.");
