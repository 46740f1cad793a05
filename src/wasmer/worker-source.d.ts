/** The bundled worker script on the wasmer packages as text; `scripts/build.mjs` puts it in. */
declare module "#wasmer-worker-source" {
  const source: string;
  export default source;
}
