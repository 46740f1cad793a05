/** The test's handle to a plugin on the page. */

import { type Page, test } from "@playwright/test";
import {
  type CallOptions,
  type CloseReason,
  type Codec,
  type FileTree,
  type InputOf,
  type Interruption,
  type LaneKind,
  type Mount,
  type MountOptions,
  type Plugin,
  type PluginError,
  PluginLinkError,
  type PluginSchema,
  type Recording,
  t,
  type UnknownFunctions,
  type ValueOf,
} from "cloche";
import { CallerStack } from "./call-site.ts";
import { CallTrace, show } from "./call-trace.ts";
import { type PluginPage, packRequest, type TestEnd } from "./plugin-page.ts";
import { type PluginTestOptions, repeatable, type ServedModule } from "./plugin-test-options.ts";
import { createTestFiles, type TestFiles } from "./test-files.ts";
import { TestHostFunctions } from "./test-host-functions.ts";
import { typesOf } from "./wire/codec-types.ts";
import { fromWire } from "./wire/errors.ts";
import type {
  LoadReply,
  News,
  OutputChunk,
  PageRequests,
  TestRequests,
  WireCloseReason,
  WireTypes,
} from "./wire/messages.ts";

/** The longest title of a step of the report. */
const MAX_TITLE = 120;

/** Any codec. */
type AnyCodec = Codec<unknown, never>;

/** What a call in a test may be given. */
export type TestCallOptions = Pick<CallOptions, "signal" | "timeoutMs">;

/** A function of the plugin, as a test calls it. */
export interface TestFunction<Args extends readonly unknown[], Result> {
  (...args: Args): Promise<Result>;
  /** Returns the same function with options for the calls made through it. */
  with(options: TestCallOptions): TestFunction<Args, Result>;
}

/** A function of the plugin, typed as a caller's declarations say. */
export type DeclaredFunction<Declared> = Declared extends (...args: infer Args) => infer Result
  ? TestFunction<Args, Awaited<Result>>
  : never;

/** The functions of a plugin that describes itself. */
export type TestApi<Functions = UnknownFunctions> = {
  readonly [Name in keyof Functions]: DeclaredFunction<Functions[Name]>;
};

/** What is needed to load a plugin. */
export interface TestPluginParts {
  readonly page: PluginPage;
  readonly module: ServedModule;
  readonly options: PluginTestOptions;
}

/**
 * A plugin that runs on a page of the test. Its members are those of the library's `Plugin`.
 *
 * Arguments and results are copied between test and page: buffers, maps, sets and big integers
 * included, classes and functions not.
 */
export class TestPlugin<Functions = UnknownFunctions> implements AsyncDisposable {
  /** The plugin's own file system. */
  readonly files: TestFiles;
  /** Resolves when the plugin takes no more calls, with the reason. Never rejects. */
  readonly closed: Promise<CloseReason>;
  /** The calls so far. */
  readonly trace: CallTrace = new CallTrace();
  readonly #page: PluginPage;
  readonly #options: PluginTestOptions;
  readonly #host: TestHostFunctions;
  readonly #number: number;
  readonly #url: string;
  readonly #output: OutputChunk[] = [];
  #news: Omit<News, "from" | "output"> = {
    restarts: 0,
    fuelUsed: 0,
    truncated: { stdout: false, stderr: false },
  };
  #loaded: LoadReply | undefined;
  #tab: Page | undefined;
  #api: TestApi | undefined;
  #lastCall = 0;
  #resolveClosed: (reason: CloseReason) => void = () => {};

  private constructor({ page, module, options }: TestPluginParts) {
    this.#page = page;
    this.#options = options;
    this.#host = new TestHostFunctions(options.hostFunctions, this.trace);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    const end: TestEnd = { hear: (news) => this.#hear(news), requests: this.#requests() };
    const { plugin, url } = page.add(module, end);
    this.#number = plugin;
    this.#url = url;
    this.files = createTestFiles((method, args, stack) => {
      const name = `files.${method}`;
      const text = packRequest(this.#number, "files", [method, args], `argument of ${name}`);
      return this.#step(name, args, stack, () =>
        this.trace.follow(name, args, () => this.#send(text)),
      );
    });
  }

  /** @param begin Is given the plugin before it is loaded: what it does then can be reported. */
  static async load<Functions>(
    parts: TestPluginParts,
    begin: (plugin: TestPlugin) => void,
  ): Promise<TestPlugin<Functions>> {
    const plugin = new TestPlugin<Functions>(parts);
    begin(plugin);
    await plugin.#load();
    return plugin;
  }

  /** The option `name`, or the name of the file. */
  get name(): string {
    return this.#known.name;
  }

  /** The functions it exports. */
  get functions(): readonly string[] {
    return this.#known.functions;
  }

  /** What the plugin says of itself; `undefined` where it says nothing. */
  get schema(): PluginSchema | undefined {
    return this.#known.schema;
  }

  /** How a guest that does not return is interrupted. */
  get interruption(): Interruption {
    return this.#known.interruption;
  }

  /** How calls travel from the page to the plugin's worker. */
  get lane(): LaneKind {
    return this.#known.lane;
  }

  /** The page that the plugin runs on. It has nothing else. */
  get page(): Page {
    if (this.#tab === undefined) throw new Error("The plugin is not loaded");
    return this.#tab;
  }

  /** All that it has written to its standard output, as far as the test knows: all when a call settles. */
  get stdout(): string {
    return this.#text("stdout");
  }

  /** The same of the standard error. */
  get stderr(): string {
    return this.#text("stderr");
  }

  /** How often a fresh instance has replaced one that failed. */
  get restarts(): number {
    return this.#news.restarts;
  }

  /** Which streams had more output in a call than `limits.outputBytes`. */
  get truncated(): Plugin["truncated"] {
    return this.#news.truncated;
  }

  /** Units of fuel that were used so far, where `limits.fuel` is set; 0 elsewhere. */
  get fuelUsed(): number {
    return this.#news.fuelUsed;
  }

  /** The functions of a plugin that describes itself. @throws {PluginLinkError} when it does not. */
  get api(): TestApi<Functions> {
    this.#api ??= this.#createApi();
    return this.#api as TestApi<Functions>;
  }

  /**
   * The guest function `name`, typed by its codecs. Where the plugin has no such function, or one of
   * other types, the call rejects with a `PluginLinkError`.
   */
  function<const Params extends readonly AnyCodec[], Result extends AnyCodec>(
    name: string,
    params: Params,
    result: Result,
  ): TestFunction<{ -readonly [Index in keyof Params]: InputOf<Params[Index]> }, ValueOf<Result>>;
  /** The guest function `name` of a plugin that describes itself. */
  function<Name extends keyof Functions & string>(name: Name): DeclaredFunction<Functions[Name]>;
  function(name: string, ...codecs: readonly unknown[]): TestFunction<never, unknown> {
    if (codecs.length === 0) return this.#callable(name, undefined, {});
    const [params, result] = codecs as [readonly AnyCodec[], AnyCodec];
    // Throws a TypeError for what is no codec.
    t.tuple(t.tuple(...params), result);
    const types = params.map(({ type }) => type);
    return this.#callable(name, typesOf(types, result.type), {});
  }

  /** Mounts a tree of files at a path. @returns A handle that unmounts it. */
  async mount(
    path: string,
    tree: FileTree,
    options: Pick<MountOptions, "readOnly"> = {},
  ): Promise<Pick<Mount, "unmount">> {
    const args = [path, tree, options] as const;
    const mount = await this.trace.follow("mount", args, () =>
      this.#ask("mount", [...args], "argument of mount"),
    );
    return { unmount: () => this.#ask("unmount", [mount as number], "mount") as Promise<void> };
  }

  /**
   * What was recorded so far, also of a plugin that is closed. It is recorded unless `clock` or `random`
   * is `"browser"`, or `record` is `false`.
   */
  async recording(options: { readonly withModule?: boolean } = {}): Promise<Recording> {
    return (await this.#ask("recording", [options], "option")) as Recording;
  }

  /** Closes the plugin once all calls made so far have settled. */
  async close(): Promise<void> {
    await this.#ask("close", [], "request");
  }

  /** Terminates the plugin now. */
  async terminate(reason?: unknown): Promise<void> {
    await this.#ask("terminate", [reason], "reason");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #known(): LoadReply {
    if (this.#loaded === undefined) throw new Error("The plugin is not loaded");
    return this.#loaded;
  }

  async #load(): Promise<void> {
    const { stdin, stdout: _stdout, stderr: _stderr, hostFunctions, ...options } = this.#options;
    const hasStdin = typeof stdin === "function";
    const given = { ...repeatable(options), ...(!hasStdin && stdin !== undefined && { stdin }) };
    const request = {
      url: this.#url,
      options: given,
      hostFunctions: hostFunctions && this.#host.types,
      hasStdin,
    };
    this.#tab = await this.#page.page();
    this.#loaded = (await this.trace.follow("loadPlugin", [given], () =>
      this.#ask("load", [request], "option"),
    )) as LoadReply;
  }

  /** @throws what the page has thrown */
  async #ask<Method extends keyof PageRequests>(
    method: Method,
    args: Parameters<PageRequests[Method]>,
    place: string,
  ): Promise<unknown> {
    return this.#send(packRequest(this.#number, method, args, place));
  }

  /** @throws what the page has thrown */
  async #send(text: string, signal?: AbortSignal): Promise<unknown> {
    const outcome = await this.#page.ask(this.#number, text);
    if ("value" in outcome) return outcome.value;
    throw fromWire(outcome.thrown, { ofTest: this.#page.thrown, signal });
  }

  /** Shows a request in the report, and where the test has made it. */
  async #step(
    name: string,
    args: readonly unknown[],
    stack: CallerStack,
    request: () => Promise<unknown>,
  ): Promise<unknown> {
    const { site } = stack;
    const title = `${this.name}.${name}(${args.map(show).join(", ")})`;
    const isLong = title.length > MAX_TITLE;
    const shown = isLong ? `${title.slice(0, MAX_TITLE)}…` : title;
    return test.step(shown, () => stack.during(request), { ...(site && { location: site }) });
  }

  #callable(
    name: string,
    types: WireTypes | undefined,
    options: TestCallOptions,
  ): TestFunction<never, unknown> {
    const call = (...args: unknown[]): Promise<unknown> => {
      const stack = new CallerStack(call);
      return this.#call(name, types, args, options, stack);
    };
    return Object.assign(call, {
      with: (further: TestCallOptions) => this.#callable(name, types, { ...options, ...further }),
    });
  }

  async #call(
    name: string,
    types: WireTypes | undefined,
    args: readonly unknown[],
    { signal, ...options }: TestCallOptions,
    stack: CallerStack,
  ): Promise<unknown> {
    const id = ++this.#lastCall;
    const request = { id, name, types, args, options, canAbort: signal !== undefined };
    // Packed at once: the caller may change its values as soon as it has the promise.
    const text = packRequest(this.#number, "call", [request], `argument of "${name}"`);
    const abort = () => void this.#ask("abort", [id], "call").catch(() => {});
    const call = async () => {
      signal?.throwIfAborted();
      signal?.addEventListener("abort", abort);
      try {
        return await this.#send(text, signal);
      } finally {
        signal?.removeEventListener("abort", abort);
      }
    };
    return this.#step(name, args, stack, () => this.trace.followCall(name, args, call));
  }

  #createApi(): TestApi {
    const { schema, name } = this.#known;
    if (schema === undefined) {
      const what = `Cannot list the functions of plugin "${name}": the plugin does not describe itself`;
      throw new PluginLinkError(`${what} (use plugin.function(name, params, result))`, {
        pluginName: name,
      });
    }
    // Without a prototype: a guest chooses the names.
    const api = Object.create(null) as Record<string, TestFunction<never, unknown>>;
    for (const { name } of schema.functions) api[name] = this.#callable(name, undefined, {});
    return Object.freeze(api) as unknown as TestApi;
  }

  #requests(): TestRequests {
    return {
      hostCall: (id, name, args) => this.#host.call(id, name, args, this.#loaded?.name ?? ""),
      abortHostCall: (id) => this.#host.abort(id),
      stdin: async () => {
        const { stdin } = this.#options;
        return typeof stdin === "function" ? stdin() : null;
      },
      closed: (reason) => this.#resolveClosed(this.#reason(reason)),
      output: () => {},
    };
  }

  #reason(reason: WireCloseReason): CloseReason {
    if (reason.kind !== "failed") return reason;
    const error = fromWire(reason.error, { ofTest: this.#page.thrown }) as PluginError;
    return { kind: "failed", error };
  }

  #hear({ from, output, ...news }: News): void {
    this.#news = news;
    for (const [index, chunk] of output.entries()) {
      this.#output[from + index] = chunk;
      this.#options[chunk.stream]?.(chunk.text);
    }
  }

  #text(stream: OutputChunk["stream"]): string {
    // Messages of the page may overtake each other: a piece can be missing for a moment.
    return this.#output
      .filter((chunk) => chunk?.stream === stream)
      .map(({ text }) => text)
      .join("");
  }
}
