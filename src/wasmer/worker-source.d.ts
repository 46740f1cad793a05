/** The text of the bundled worker script with the wasmer packages, inserted by `scripts/build.mjs`. */
declare module "#wasmer-worker-source" {
  const source: string;
  export default source;
}
