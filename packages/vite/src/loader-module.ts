/** The code of the module that an import of a plugin gives. */

/** The module in a build. @param reference The bundler's for the plugin's file */
export function printBuiltLoader(name: string, reference: string): string {
  return `import { loadPlugin } from "cloche";
export const url = import.meta.ROLLUP_FILE_URL_${reference};
export default (options) => loadPlugin(url, { name: ${JSON.stringify(name)}, ...options });
`;
}

/** The module of the development server. Its plugins go on with each next version. */
export function printHotLoader(name: string, address: string): string {
  // Not in one line: Vite takes `new URL` of a literal for one of the project's files.
  return `import { hotLoader } from "@cloche/vite/loader";
const address = ${JSON.stringify(address)};
export const url = new URL(address, import.meta.url).href;
export default hotLoader(import.meta.hot, { name: ${JSON.stringify(name)}, url });
import.meta.hot?.accept();
`;
}
