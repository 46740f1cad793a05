import sources from "#library-sources";

/** The AssemblyScript sources of the SDK by path, such as `assembly/abort.ts`. */
export const librarySources: ReadonlyMap<string, string> = new Map(Object.entries(sources));
