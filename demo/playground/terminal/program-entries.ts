/** Programs of the gallery: commands that are used in the terminal. */

import type { GalleryEntry } from "../gallery/gallery-entry.ts";
import { pluginAddress } from "../gallery/plugin-address.ts";
import type { Program } from "../workspace/program.ts";
import { programAddress } from "./program-modules.ts";

interface ProgramRow {
  readonly id: string;
  readonly title: string;
  readonly size: string;
  readonly program: () => Promise<Omit<Program, "name" | "kind" | "source">>;
}

const ROWS: readonly ProgramRow[] = [
  {
    id: "python",
    title: "Python",
    size: "26 MB",
    program: async () => ({
      args: ["python"],
      env: { HOME: "/", PYTHONDONTWRITEBYTECODE: "1" },
      files: {
        "primes.py":
          "def primes(n):\n    return [p for p in range(2, n) if all(p % d for d in range(2, p))]\n",
      },
      hint: "Try: from primes import primes, then primes(50). Ctrl+C ends a loop, and Python with it.",
    }),
  },
  {
    id: "ruby",
    title: "Ruby",
    size: "31 MB",
    program: async () => ({
      args: ["ruby", "/repl.rb"],
      env: { HOME: "/" },
      files: { "repl.rb": (await import("./repl/repl.rb?raw")).default },
      hint: 'Try: (1..5).map { |n| n ** n }, or require "json". exit ends.',
    }),
  },
  {
    id: "sqlite",
    title: "SQLite",
    size: "1 MB",
    program: async () => ({
      args: ["sqlite3", "/notes.db"],
      env: { HOME: "/" },
      files: { ".sqliterc": "" },
      hint: "Try: create table plants (name, height); then .tables. The database is the file notes.db. .quit ends.",
    }),
  },
  {
    id: "quickjs",
    title: "QuickJS",
    size: "0.6 MB",
    program: async () => ({
      args: ["quickjs", "/repl.js"],
      files: { "repl.js": (await import("./repl/repl.js?raw")).default },
      hint: 'Try: [1, 2, 3].map((n) => n ** 10), or std.writeFile("/note.txt", "hello").',
    }),
  },
];

function programEntry({ id, title, size, program }: ProgramRow): GalleryEntry {
  const source = programAddress(id);
  const entry = { id, group: "Programs", title, tabs: ["terminal", "inspect"] } as const;
  if (source === undefined) {
    return { ...entry, detail: "not in this build: npm run programs", isMissing: true };
  }
  return {
    ...entry,
    detail: `interactive, ${size}`,
    program: async () => ({ ...(await program()), name: id, kind: "command", source }),
  };
}

export const programEntries: readonly GalleryEntry[] = [
  ...ROWS.map(programEntry),
  {
    id: "tool",
    group: "Programs",
    title: "A small tool",
    detail: "asks for a name, in C",
    tabs: ["terminal", "inspect"],
    program: () => ({
      name: "tool.wasm",
      kind: "command",
      source: pluginAddress("tool.wasm"),
      args: ["tool", "greet"],
    }),
  },
];
