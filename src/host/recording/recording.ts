/** The record of the run of a plugin or a command, as plain data that JSON can hold. Bytes are base64, and `null` is an infinite number. */

import type { ModuleRole } from "../../abi/contract.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import type { ClockOption, RandomOption } from "../../protocol/start-options.ts";
import { base64Of } from "../../schema/json/base64.ts";
import type { Terminals } from "../../wasi/streams.ts";

/** All that a plugin or a command was given, and what came of it. `replay` runs it again. */
export interface Recording {
  /** Says what the data is. */
  readonly format: "cloche-recording";
  /** The version of this format. */
  readonly version: 1;
  /** Whether it was loaded as a plugin, or run as a command. */
  readonly role: ModuleRole;
  /** Whether nothing was left out for `limits.recordingBytes`. */
  readonly isComplete: boolean;
  /** The plugin's name in errors. */
  readonly pluginName: string;
  /** What was loaded. */
  readonly module: RecordedModule;
  /** What it was loaded with. */
  readonly options: RecordedOptions;
  /** What the page has answered: host calls and input, in the order the guest has asked. */
  readonly answers: readonly RecordedAnswer[];
  /** What the page has asked for, in the order the worker got it: of a command, its run alone. */
  readonly steps: readonly RecordedStep[];
}

/** The module of a recording. */
export interface RecordedModule {
  /** In hexadecimal digits; not known for a compiled module, or on a page without a secure context. */
  readonly sha256?: string;
  /** The module in base64; missing unless the recording was taken with `withModule`. */
  readonly bytes?: string;
}

/** The options of the plugin that its guest can notice. */
export interface RecordedOptions {
  /** The arguments of the guest. */
  readonly args: readonly string[];
  /** Its environment variables. */
  readonly env: Readonly<Record<string, string>>;
  /** All of it, or `null` where the guest asked the page: see {@link Recording.answers}. */
  readonly stdin: string | null;
  /** Which standard streams were terminals. */
  readonly terminal: Terminals;
  /** Where its clock started, and how far each reading advanced it. */
  readonly clock: ClockOption;
  /** The seed of its random numbers. */
  readonly random: RandomOption;
  /** All limits, by their names in `Limits`; `null` for one that is infinite. */
  readonly limits: Readonly<Record<string, number | null>>;
  /** The files at the start; `"none"` if the plugin had no file system. */
  readonly files: RecordedTree | "none";
  /** The names of all host functions that the page has lent. */
  readonly hostFunctions: readonly string[];
  /** Whether a fresh instance replaced one that died. */
  readonly restart: boolean;
}

/** A tree of files: a name leads to a file's bytes or to a directory. */
export interface RecordedTree {
  readonly [name: string]: string | RecordedTree;
}

/** What the page answered to a host call, or to a request for input. */
export interface RecordedAnswer {
  /** The host function, or `null` for standard input. */
  readonly functionName: string | null;
  /** The encoded arguments; empty for standard input. */
  readonly args: string;
  /** The encoded result; `null` when the page has failed, and missing when the guest was stopped before. */
  readonly answer?: string | null;
}

/** A call of the page, a change of the plugin's files, or the run of a command. */
export type RecordedStep = RecordedCall | RecordedOperation | RecordedRun;

/** A call of a guest function. */
export interface RecordedCall {
  /** Tells it from a change of files. */
  readonly type: "call";
  /** The guest function, without the ABI's underscores. */
  readonly functionName: string;
  /** The encoded arguments. */
  readonly args: string;
  /** The time limit in milliseconds; `null` for none. */
  readonly timeoutMs: number | null;
  /** Missing when the call had not settled yet, or for `limits.recordingBytes`. */
  readonly end?: RecordedEnd;
}

/** The run of a command. */
export interface RecordedRun {
  /** Tells it from a call. */
  readonly type: "run";
  /** The time limit in milliseconds; `null` for none. */
  readonly timeoutMs: number | null;
  /** Missing when it had not ended yet, or for `limits.recordingBytes`. */
  readonly end?: RecordedEnd;
}

/** How a call or a command ended. */
export type RecordedEnd =
  | { readonly kind: "result"; readonly bytes: string }
  /** What a command returned. */
  | {
      readonly kind: "exit";
      readonly exitCode: number;
      readonly stdout: string;
      readonly stderr: string;
      readonly files: ChangedFiles;
    }
  | { readonly kind: "error"; readonly name: string; readonly message: string }
  | { readonly kind: "timeout" }
  /** The page has aborted it, or has terminated the plugin, so long after it was sent. */
  | { readonly kind: "stopped"; readonly afterMs: number };

/**
 * What a command has changed in its files: a path leads to a file's new bytes, or to `null` for what is
 * gone. A path that ends in `/` is a directory, and leads to no bytes.
 */
export type ChangedFiles = Readonly<Record<string, string | null>>;

/** A change of the plugin's files by the page. */
export type RecordedOperation = { readonly type: "files" } & (
  | { readonly operation: "write" | "append"; readonly path: string; readonly bytes: string }
  | { readonly operation: "mkdir" | "remove"; readonly path: string }
  | { readonly operation: "rename"; readonly path: string; readonly to: string }
  | { readonly operation: "load"; readonly path: string; readonly tree: RecordedTree }
  | {
      readonly operation: "mount";
      readonly path: string;
      readonly tree: RecordedTree;
      readonly volume: number;
      readonly readOnly: boolean;
    }
  | { readonly operation: "unmount"; readonly volume: number }
);

/** @throws {DOMException} for what is no base64 */
export function decodeBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function encodeTree(tree: FileSnapshot): RecordedTree {
  const encoded = Object.create(null) as Record<string, string | RecordedTree>;
  for (const [name, content] of Object.entries(tree)) {
    encoded[name] = content instanceof Uint8Array ? base64Of(content) : encodeTree(content);
  }
  return encoded;
}

/** Compares files with those at the start. */
export function changedFiles(before: RecordedTree, after: FileSnapshot): ChangedFiles {
  const kept = new Map(pathsOf(before));
  const changed: [path: string, content: string | null][] = [];
  for (const [path, content] of pathsOf(encodeTree(after))) {
    if (kept.get(path) !== content) changed.push([path, content]);
    kept.delete(path);
  }
  for (const path of kept.keys()) changed.push([path, null]);
  return Object.fromEntries(changed);
}

/** All paths of a tree, with what {@link ChangedFiles} has for each. */
function* pathsOf(tree: RecordedTree, parent = "/"): Generator<[path: string, content: string]> {
  for (const [name, content] of Object.entries(tree)) {
    const path = parent + name;
    if (typeof content === "string") yield [path, content];
    else {
      yield [`${path}/`, ""];
      yield* pathsOf(content, `${path}/`);
    }
  }
}
