/** The modules of the programs that this page was built with. */

/** Those that `npm run programs` had installed when the page was built. */
const installed: Readonly<Record<string, string>> = import.meta.glob(
  "/node_modules/.cache/cloche-programs/{python,quickjs,ruby}.wasm",
  { query: "?url", import: "default", eager: true, exhaustive: true },
);

/** The address of a program's module, or `undefined` if the page was built without it. */
export function programAddress(name: string): URL | undefined {
  if (name === "sqlite") return new URL("../../programs/sqlite.wasm", document.baseURI);
  const address = installed[`/node_modules/.cache/cloche-programs/${name}.wasm`];
  return address === undefined ? undefined : new URL(address, document.baseURI);
}
