/** The bundle of `worker-bootstrap.ts` as text; `scripts/build.mjs` puts it in. */
declare module "#node-worker-source" {
  const source: string;
  export default source;
}
