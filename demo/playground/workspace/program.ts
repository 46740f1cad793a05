/** What the workspace opens. */

import type { FileTree, HostFunction, Limits } from "cloche";

export type ProgramKind = "plugin" | "command";

export interface Program {
  /** Its name in errors and on the page. */
  readonly name: string;
  readonly kind: ProgramKind;
  /** The module: its address, or its bytes. */
  readonly source: string | URL | Uint8Array<ArrayBuffer>;
  /** Its files at the start, beside those that are kept. */
  readonly files?: FileTree | undefined;
  /** Of a command: its command line, the program's name first. Default: the name. */
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** What a plugin may call. Those that its schema has and this lacks are answered by the playground. */
  readonly hostFunctions?: Readonly<Record<string, HostFunction | HostCall>> | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** What to try in the terminal. */
  readonly hint?: string | undefined;
}

/** A host function that takes its types from the plugin's schema. */
export type HostCall = (...args: never[]) => unknown;

/** How a program is opened. */
export interface OpenOptions {
  /**
   * Starts it with the files of the program before. If it cannot be loaded, the program before goes on
   * and `open` rejects. Default: `false`.
   */
  readonly keepFiles?: boolean;
}

export type WorkspaceState =
  | { readonly kind: "empty" | "loading" | "ready" }
  /** A call or a command is running since then, by `performance.now()`. */
  | { readonly kind: "running"; readonly sinceMs: number }
  /** Nothing runs any more; the reason is in words. */
  | { readonly kind: "ended"; readonly reason: string }
  | { readonly kind: "failed"; readonly error: unknown };
