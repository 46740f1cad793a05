import { resolve } from "node:path";

/** Where scripts/install-programs.mjs installs programs. */
export const INSTALLED: string = resolve(
  import.meta.dirname,
  "../../node_modules/.cache/cloche-programs",
);
