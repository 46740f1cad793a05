/** What a new project needs in each language. */

/** The languages of `cloche new --lang`. */
export const LANGUAGES = {
  rust: {
    title: "Rust",
    source: "src/lib.rs",
    packages: [],
    toolchain: "\nIt needs Rust with a WASI target: `rustup target add wasm32-wasip1`.",
  },
  assemblyscript: {
    title: "AssemblyScript",
    source: "src/plugin.ts",
    packages: ["@cloche/assemblyscript", "assemblyscript"],
    toolchain: "",
  },
  javascript: {
    title: "JavaScript",
    source: "src/plugin.js",
    packages: ["@cloche/javascript"],
    toolchain: "",
  },
  typescript: {
    title: "TypeScript",
    source: "src/plugin.ts",
    packages: ["@cloche/javascript"],
    toolchain: "",
  },
  c: {
    title: "C",
    source: "src/plugin.c",
    packages: [],
    toolchain:
      "\nIt needs clang for WASI: [wasi-sdk](https://github.com/WebAssembly/wasi-sdk) with `WASI_SDK_PATH` set to its folder, or on Debian `apt-get install clang lld wasi-libc libclang-rt-14-dev-wasm32`. The SDK is `include/plugin.h`.",
  },
} as const satisfies Readonly<Record<string, Language>>;

export type LanguageName = keyof typeof LANGUAGES;

interface Language {
  readonly title: string;
  /** The file with the plugin's functions. */
  readonly source: string;
  /** The packages of its SDK. */
  readonly packages: readonly string[];
  /** What to install, for the README. */
  readonly toolchain: string;
}
