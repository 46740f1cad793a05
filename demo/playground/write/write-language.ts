/** The languages that a plugin can be written in on this page. */

import type { FileTree } from "cloche";

export interface WriteLanguage {
  readonly title: string;
  /** The name of the source in diagnostics. */
  readonly file: string;
  /** What is fetched before the first build, in words. */
  readonly compiler: string;
  /** The source to start from. */
  readonly example: () => Promise<string>;
  /** The plugin's name, and the files it starts with. */
  readonly program: { readonly name: string; readonly files: FileTree };
}

export type LanguageId = "typescript" | "assemblyscript";

export const WRITE_LANGUAGES: Readonly<Record<LanguageId, WriteLanguage>> = {
  typescript: {
    title: "TypeScript",
    file: "plugin.ts",
    compiler: "the TypeScript compiler and QuickJS (0.5 MB)",
    example: async () => (await import("./examples/diary.ts?raw")).default,
    program: {
      name: "diary",
      files: { "diary.txt": "Yesterday: looked at a bell jar\n" },
    },
  },
  assemblyscript: {
    title: "AssemblyScript",
    file: "index.ts",
    compiler: "the AssemblyScript compiler (3 MB)",
    example: async () => (await import("./examples/waves.as?raw")).default,
    program: {
      name: "waves",
      files: { "poem.txt": "Under the glass\nthe fern unrolls its letters.\n" },
    },
  },
};
