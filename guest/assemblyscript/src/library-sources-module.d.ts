/** The sources of `assembly/` and `index.ts` by path, which the build inlines. */
declare module "#library-sources" {
  const sources: Readonly<Record<string, string>>;
  export default sources;
}
