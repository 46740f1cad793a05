/** The address of a module in public/plugins, from this page two folders below the root. */
export function pluginAddress(file: string): URL {
  return new URL(`../../plugins/${file}`, document.baseURI);
}
