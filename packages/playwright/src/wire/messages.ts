/** What test and page say to each other. */

import type {
  CallOptions,
  CloseReason,
  LaneKind,
  NamedType,
  Plugin,
  PluginSchema,
  Recording,
  TypeDescription,
} from "cloche";
import type { WireThrown } from "./errors.ts";

/** The name of the function through which the page asks the test. */
export const BINDING = "__clochePlaywright";

/** The types of a function whose codecs stay in the test. */
export interface WireTypes {
  readonly params: readonly TypeDescription[];
  readonly result: TypeDescription;
  /** What `{ kind: "named" }` in them refers to. */
  readonly types: readonly NamedType[];
}

/** A function of the test that the plugin may call. */
export interface WireHostFunction {
  readonly name: string;
  /** Of a function that was made by `hostFunction`. */
  readonly types: WireTypes | undefined;
}

/** Where a plugin comes from, and what it gets. */
export interface LoadRequest {
  readonly url: string;
  /** Options of `loadPlugin` that are plain data. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly hostFunctions: readonly WireHostFunction[] | undefined;
  /** Whether the test has a function for standard input. */
  readonly hasStdin: boolean;
}

/** What the test learns of a loaded plugin. */
export interface LoadReply extends Pick<Plugin, "name" | "functions" | "schema" | "interruption"> {
  readonly schema: PluginSchema | undefined;
  readonly lane: LaneKind;
}

export interface CallRequest {
  readonly id: number;
  readonly name: string;
  readonly types: WireTypes | undefined;
  readonly args: readonly unknown[];
  readonly options: Pick<CallOptions, "timeoutMs">;
  readonly canAbort: boolean;
}

export type FileMethod =
  | "read"
  | "readText"
  | "write"
  | "append"
  | "list"
  | "stat"
  | "exists"
  | "mkdir"
  | "rename"
  | "remove"
  | "snapshot"
  | "load"
  | "exportZip"
  | "importZip";

/** What the test asks of one plugin on the page. */
export interface PageRequests {
  load(request: LoadRequest): Promise<LoadReply>;
  call(request: CallRequest): Promise<unknown>;
  abort(id: number): void;
  files(method: FileMethod, args: readonly unknown[]): Promise<unknown>;
  /** @returns The number of the mount. */
  mount(path: string, tree: unknown, options: unknown): Promise<number>;
  unmount(mount: number): Promise<void>;
  recording(options: unknown): Promise<Recording>;
  terminate(reason: unknown): void;
  close(): Promise<void>;
}

/** What the page asks of the test for one plugin. */
export interface TestRequests {
  hostCall(id: number, name: string, args: readonly unknown[]): Promise<unknown>;
  abortHostCall(id: number): void;
  stdin(): Promise<unknown>;
  closed(reason: WireCloseReason): void;
  /** Brings news alone. */
  output(): void;
}

/** As `CloseReason`. */
export type WireCloseReason =
  | { readonly kind: "closed" }
  | { readonly kind: "terminated"; readonly reason: unknown }
  | { readonly kind: "failed"; readonly error: WireThrown };

/** A request for one plugin, which is known by its number. */
export interface Request<Requests> {
  readonly plugin: number;
  readonly method: keyof Requests;
  readonly args: readonly unknown[];
}

/** A piece of output. */
export interface OutputChunk {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** What every message of the page brings along. */
export interface News extends Pick<Plugin, "restarts" | "truncated" | "fuelUsed"> {
  /** How many chunks of output came before these. */
  readonly from: number;
  readonly output: readonly OutputChunk[];
}

export type Outcome = { readonly value: unknown } | { readonly thrown: WireThrown };

export type { CloseReason };
