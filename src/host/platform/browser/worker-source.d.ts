/** The bundled worker script as text; `scripts/build.mjs` puts it in. */
declare module "#worker-source" {
  const source: string;
  export default source;
}
