/** One plugin of the page, as the test asks for it. */

import {
  type CallOptions,
  type GuestFunction,
  type HostCallContext,
  hostFunction,
  type LoadOptions,
  loadPlugin,
  type Mount,
  type Plugin,
  type Recording,
} from "cloche";
import { codecsOf } from "../wire/codec-types.ts";
import { ABORTED, toWire } from "../wire/errors.ts";
import type {
  CallRequest,
  CloseReason,
  FileMethod,
  LoadReply,
  LoadRequest,
  News,
  OutputChunk,
  PageRequests,
  TestRequests,
  WireCloseReason,
  WireHostFunction,
} from "../wire/messages.ts";
import { askTest } from "./test-link.ts";

/** Output that no message took along is sent after so many milliseconds. */
const OUTPUT_DELAY_MS = 20;

/** Any guest function. */
type AnyFunction = GuestFunction<unknown[], unknown>;

export class ServedPlugin implements PageRequests {
  readonly #id: number;
  #plugin: Plugin | undefined;
  #output: OutputChunk[] = [];
  /** How many chunks of output were sent. */
  #sent = 0;
  #isSending = false;
  #lastHostCall = 0;
  readonly #running: Map<number, AbortController> = new Map();
  readonly #mounts: Mount[] = [];

  /** @param id The number that the test knows it by. */
  constructor(id: number) {
    this.#id = id;
  }

  /** What is new since the last message, which each piece of output is part of once. */
  news(): News {
    const output = this.#output;
    const from = this.#sent;
    this.#output = [];
    this.#sent += output.length;
    const { restarts = 0, fuelUsed = 0 } = this.#plugin ?? {};
    const truncated = this.#plugin?.truncated ?? { stdout: false, stderr: false };
    return { from, output, restarts, fuelUsed, truncated };
  }

  async load({ url, options, hostFunctions, hasStdin }: LoadRequest): Promise<LoadReply> {
    const all: LoadOptions = {
      ...options,
      ...(hasStdin && { stdin: () => this.#ask("stdin") as Promise<string | null> }),
      ...(hostFunctions && { hostFunctions: this.#lend(hostFunctions) }),
      stdout: (text) => this.#write("stdout", text),
      stderr: (text) => this.#write("stderr", text),
    };
    const plugin = await loadPlugin(url, all);
    this.#plugin = plugin;
    void plugin.closed.then((reason) => this.#ask("closed", toWireReason(reason)));
    const { name, functions, schema, lane, interruption } = plugin;
    return { name, functions, schema, lane, interruption };
  }

  async call({ id, name, types, args, options, canAbort }: CallRequest): Promise<unknown> {
    const plugin = this.#loaded();
    const found = types === undefined ? plugin.function(name) : this.#typed(plugin, name, types);
    const callOptions: CallOptions = { ...options };
    if (!canAbort) return (found as AnyFunction).with(callOptions)(...args);
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const { signal } = controller;
      return await (found as AnyFunction).with({ ...callOptions, signal })(...args);
    } finally {
      this.#running.delete(id);
    }
  }

  abort(id: number): void {
    this.#running.get(id)?.abort(ABORTED);
  }

  async files(method: FileMethod, args: readonly unknown[]): Promise<unknown> {
    const { files } = this.#loaded();
    const operation = files[method] as (...args: unknown[]) => Promise<unknown>;
    return operation.apply(files, [...args]);
  }

  async mount(path: string, tree: unknown, options: unknown): Promise<number> {
    const mount = await this.#loaded().mount(path, tree as never, options as never);
    return this.#mounts.push(mount) - 1;
  }

  async unmount(mount: number): Promise<void> {
    await this.#mounts[mount]?.unmount();
  }

  async recording(options: unknown): Promise<Recording> {
    return this.#loaded().recording(options as never);
  }

  terminate(reason: unknown): void {
    this.#plugin?.terminate(reason);
  }

  async close(): Promise<void> {
    await this.#plugin?.close();
  }

  #loaded(): Plugin {
    if (this.#plugin === undefined) throw new Error("The plugin is not loaded");
    return this.#plugin;
  }

  #typed(plugin: Plugin, name: string, types: NonNullable<CallRequest["types"]>): unknown {
    const { params, result } = codecsOf(types);
    return plugin.function(name, params, result);
  }

  #ask<Method extends keyof TestRequests>(
    method: Method,
    ...args: Parameters<TestRequests[Method]>
  ): Promise<unknown> {
    return askTest(this.#id, this.news(), method, ...args);
  }

  #lend(functions: readonly WireHostFunction[]): NonNullable<LoadOptions["hostFunctions"]> {
    return Object.fromEntries(
      functions.map(({ name, types }) => {
        const call = (...values: unknown[]) => this.#callTest(name, values);
        if (types === undefined) return [name, call];
        const { params, result } = codecsOf(types);
        return [name, hostFunction(params, result, call as never)];
      }),
    );
  }

  /** @param values The arguments, and the context behind them. */
  async #callTest(name: string, values: unknown[]): Promise<unknown> {
    const { signal } = values.pop() as HostCallContext;
    const id = ++this.#lastHostCall;
    const abort = () => void this.#ask("abortHostCall", id);
    signal.addEventListener("abort", abort);
    try {
      return await this.#ask("hostCall", id, name, values);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  #write(stream: OutputChunk["stream"], text: string): void {
    this.#output.push({ stream, text });
    if (this.#isSending) return;
    this.#isSending = true;
    setTimeout(() => {
      this.#isSending = false;
      if (this.#output.length > 0) void this.#ask("output");
    }, OUTPUT_DELAY_MS);
  }
}

function toWireReason(reason: CloseReason): WireCloseReason {
  return reason.kind === "failed" ? { kind: "failed", error: toWire(reason.error) } : reason;
}
