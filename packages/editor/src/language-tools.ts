/** A plugin that formats, diagnoses, completes and explains documents, for any editor. */

import {
  type GuestFunction,
  type LoadOptions,
  loadPlugin,
  type ModuleSource,
  type Plugin,
  PluginLimitError,
  PluginLinkError,
  PluginLoadError,
  t,
} from "cloche";
import {
  type AnswerContext,
  type Completions,
  checkCompletions,
  checkDiagnostics,
  checkEdits,
  checkHover,
  type Diagnostic,
  type Hover,
  shorten,
  type TextEdit,
} from "./checked-answers.ts";
import {
  type PluginAnswers,
  TOOL_FUNCTIONS,
  type ToolArguments,
  type ToolKind,
} from "./editor-interface.ts";
import { InvalidAnswerError } from "./invalid-answer-error.ts";
import { LatestRequests } from "./latest-requests.ts";
import {
  DOCUMENT_CODECS,
  DOCUMENT_HOST_FUNCTIONS,
  documentForm,
  handOver,
} from "./plugin-document.ts";
import { type OffsetUnit, TextOffsets } from "./text-offsets.ts";
import {
  checkToolsOptions,
  DEFAULT_BUDGETS_MS,
  type LanguageToolsOptions,
} from "./tools-options.ts";

/** What a {@link LanguageTools} is doing. */
export interface ToolsState {
  /**
   * - `"loading"`: the plugin is loaded for the first time;
   * - `"ready"`: it waits for requests;
   * - `"busy"`: it works on one;
   * - `"recovering"`: it has failed, and a fresh instance starts, or the load is tried again;
   * - `"failed"`: it cannot be loaded, and is not tried again;
   * - `"closed"`: `close` was called.
   */
  readonly phase: "loading" | "ready" | "busy" | "recovering" | "failed" | "closed";
  /** The last failure, until a request succeeds. */
  readonly error?: unknown;
}

/** What a request may say. */
export interface RequestBounds {
  /** Cancels the request. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Stands for the document where one plugin serves several: a request takes the place of older ones of its
   * kind and document only. Default: the tools themselves.
   */
  readonly document?: object | undefined;
}

/** How a document is formatted. */
export interface FormatRequest extends RequestBounds {
  /** One level of indentation. Default: two spaces. */
  readonly indent?: string | undefined;
  /** How long lines may become. Default: 80. */
  readonly lineWidth?: number | undefined;
}

/** Edits in the order of the text, or why the plugin cannot format it. */
export type FormatResult =
  | { readonly ok: true; readonly value: readonly TextEdit[] }
  | { readonly ok: false; readonly error: string };

/** Between two tries to load a plugin: soon at first, then seldom enough for a server that is down. */
const RETRY_MS = [1000, 2000, 4000, 8000, 16_000, 30_000];

/**
 * Language tools from a plugin. The plugin is loaded at once, restarted after a failure, and asked one
 * request at a time, the newest of each kind.
 *
 * Offsets are those of JavaScript's strings, in UTF-16 code units.
 *
 * @example
 * const tools = new LanguageTools("/plugins/json-tools.wasm");
 * await tools.diagnose('{ "a": 1, "a": 2 }'); // [{ from: 10, to: 13, severity: "warning", … }]
 */
export class LanguageTools implements AsyncDisposable {
  readonly #source: ModuleSource;
  readonly #options: LanguageToolsOptions;
  readonly #requests: LatestRequests;
  readonly #listeners: Set<(state: ToolsState) => void> = new Set();
  readonly #path: string;
  /** Aborts a load. */
  readonly #closing: AbortController = new AbortController();
  #tools: LoadedTools | undefined;
  #state: ToolsState = { phase: "loading" };
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #loading: Promise<void>;
  #closed: Promise<void> | undefined;

  /**
   * Loads a plugin, in the background.
   *
   * @param source The plugin's module, as for `loadPlugin`. Only an address, bytes or a blob can be tried
   *   again when they do not load.
   * @throws {TypeError} for an invalid option.
   */
  constructor(source: ModuleSource, options: LanguageToolsOptions = {}) {
    checkToolsOptions(options);
    this.#source = source;
    this.#options = options;
    this.#path = `/${options.fileName ?? "document"}`;
    this.#requests = new LatestRequests(options.graceMs ?? 100, (isBusy) => this.#showBusy(isBusy));
    this.#loading = this.#load(0);
  }

  /** What the plugin is doing. */
  get state(): ToolsState {
    return this.#state;
  }

  /** How often a fresh instance took the place of one that failed or was interrupted. */
  get restarts(): number {
    return this.#tools?.plugin.restarts ?? 0;
  }

  /**
   * Calls a listener with each new state. What it throws is an uncaught error of the page. Returns what
   * removes it.
   */
  subscribe(listener: (state: ToolsState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Edits that format a text; none if the plugin does not format.
   *
   * @throws {InvalidAnswerError} when the edits overlap, lie outside of the text, or split a character.
   * @throws {PluginTimeoutError} and others of `cloche`, when the plugin fails.
   * @throws {DOMException} an `AbortError` when a newer request took its place.
   */
  async format(text: string, request: FormatRequest = {}): Promise<FormatResult> {
    const { indent = "  ", lineWidth = 80 } = request;
    if (typeof indent !== "string")
      throw new TypeError(`Invalid indent: ${typeof indent} (must be a string)`);
    if (!Number.isInteger(lineWidth) || lineWidth < 0 || lineWidth > MAX_U32)
      throw new TypeError(
        `Invalid lineWidth: ${String(lineWidth)} (must be an integer from 0 to ${MAX_U32})`,
      );
    const options = { indent, line_width: lineWidth };
    const answer = await this.#ask("format", text, request, () => [options]);
    if (answer === undefined) return { ok: true, value: [] };
    if (answer.value.ok) return { ok: true, value: checkEdits(answer.value.value, answer) };
    return { ok: false, error: shorten(answer.value.error, MAX_REFUSAL_LENGTH) };
  }

  /** What is wrong with a text; empty if the plugin does not diagnose. Throws as {@link format} does. */
  async diagnose(text: string, request: RequestBounds = {}): Promise<readonly Diagnostic[]> {
    const answer = await this.#ask("diagnose", text, request, () => []);
    return answer === undefined ? [] : checkDiagnostics(answer.value, answer);
  }

  /** Proposals for what is typed at an offset; `null` without any. Throws as {@link format} does. */
  async complete(
    text: string,
    offset: number,
    request: RequestBounds = {},
  ): Promise<Completions | null> {
    const answer = await this.#ask("complete", text, request, (to) => [to.toPlugin(offset)]);
    if (answer === undefined) return null;
    const { offsets } = answer;
    return checkCompletions(answer.value, answer, offsets.toPage(offsets.toPlugin(offset)));
  }

  /** What there is to know about the place at an offset; `null` if nothing. Throws as {@link format} does. */
  async hover(text: string, offset: number, request: RequestBounds = {}): Promise<Hover | null> {
    const answer = await this.#ask("hover", text, request, (to) => [to.toPlugin(offset)]);
    return answer === undefined ? null : checkHover(answer.value, answer);
  }

  /** Ends the plugin. Requests reject with an `AbortError`. Resolves when its worker has ended. */
  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(): Promise<void> {
    const reason = new DOMException("The language tools were closed", "AbortError");
    this.#setState({ phase: "closed" });
    clearTimeout(this.#retryTimer);
    this.#closing.abort(reason);
    this.#requests.cancelAll(reason);
    await this.#loading;
    this.#tools?.plugin.terminate(reason);
    await this.#tools?.plugin.closed;
  }

  /** Asks the plugin. `undefined` if it has no such function. */
  async #ask<Kind extends ToolKind>(
    kind: Kind,
    text: string,
    { signal, document = this }: RequestBounds,
    argumentsFor: (offsets: TextOffsets) => ToolArguments[Kind],
  ): Promise<(AnswerContext & { readonly value: PluginAnswers[Kind] }) | undefined> {
    const { maxTextLength = DEFAULT_MAX_TEXT_LENGTH, budgetsMs } = this.#options;
    if (typeof text !== "string")
      throw new TypeError(`Invalid text: ${typeof text} (must be a string)`);
    if (text.length > maxTextLength)
      throw new RangeError(
        `Text has ${text.length} characters, limit ${maxTextLength} (maxTextLength)`,
      );
    if (this.#state.phase === "closed" || this.#state.phase === "failed" || this.#isRetrying())
      throw this.#state.error ?? this.#closing.signal.reason;
    const timeoutMs = budgetsMs?.[kind] ?? DEFAULT_BUDGETS_MS[kind];
    return this.#requests.ask({
      kind,
      document,
      signal,
      run: async (interruption) => {
        const tools = this.#tools;
        const call = tools?.functions[kind];
        if (tools === undefined || call === undefined) return undefined;
        const { plugin, unit } = tools;
        // The plugin gets U+FFFD for a lone surrogate, which is as long.
        const sent = text.toWellFormed();
        const offsets = new TextOffsets(sent, unit);
        try {
          const form = documentForm(plugin, kind);
          const document = await handOver(plugin, form, this.#path, sent);
          const bounded = call.with({ timeoutMs, signal: interruption });
          const value = (await bounded(document, ...argumentsFor(offsets))) as PluginAnswers[Kind];
          if (this.#state.error !== undefined) this.#setState({ phase: "busy" });
          return { value, pluginName: plugin.name, text: sent, offsets };
        } catch (error) {
          if (!interruption.aborted) void this.#recover(plugin, error);
          throw error;
        }
      },
    });
  }

  async #load(tries: number): Promise<void> {
    try {
      const tools = await loadTools(this.#source, this.#options, this.#closing.signal);
      this.#tools = tools;
      if (this.#closing.signal.aborted) return;
      this.#setState({ phase: "ready" });
      this.#requests.hold(false);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      const isLate = error instanceof PluginLimitError && error.limit === "fetchMs";
      const isFinal = !isLate && !(error instanceof PluginLoadError);
      this.#setState({ phase: isFinal ? "failed" : "recovering", error });
      this.#requests.cancelAll(error);
      if (isFinal) return;
      const waitMs = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)];
      this.#retryTimer = setTimeout(() => {
        this.#loading = this.#load(tries + 1);
      }, waitMs);
    }
  }

  /** Whether the plugin has not been loaded yet, in spite of a try. */
  #isRetrying(): boolean {
    return this.#tools === undefined && this.#state.phase === "recovering";
  }

  /** Starts a fresh instance, before the next request needs it. */
  async #recover(plugin: Plugin, error: unknown): Promise<void> {
    this.#setState({ phase: "recovering", error });
    try {
      await plugin.files.exists("/");
    } catch {
      // The next request tries again, and tells.
      return;
    }
    if (this.#state.phase === "recovering") this.#setState({ phase: "ready", error });
  }

  #showBusy(isBusy: boolean): void {
    const { phase, error } = this.#state;
    if (phase !== "ready" && phase !== "busy") return;
    this.#setState({ phase: isBusy ? "busy" : "ready", ...(error !== undefined && { error }) });
  }

  #setState(state: ToolsState): void {
    if (this.#state.phase === "closed") return;
    this.#state = state;
    for (const listener of this.#listeners) {
      // One of them may have closed the tools.
      if (this.#state !== state) return;
      try {
        listener(state);
      } catch (error) {
        // An uncaught error of the page, not of the plugin.
        setTimeout(() => {
          throw error;
        });
      }
    }
  }
}

const MAX_REFUSAL_LENGTH = 2000;

const MAX_U32 = 2 ** 32 - 1;

/** Encoding a text of this length takes a few milliseconds of the page at each request. */
const DEFAULT_MAX_TEXT_LENGTH = 2_000_000;

/**
 * What a plugin for documents may use, below the defaults of Cloche: a page may have several, and their
 * documents are not larger than {@link DEFAULT_MAX_TEXT_LENGTH}.
 */
const DEFAULT_TOOL_LIMITS = {
  memoryBytes: 256 * 2 ** 20,
  messageBytes: 32 * 2 ** 20,
  fileBytes: 64 * 2 ** 20,
} as const;

type AnyFunction = GuestFunction<readonly unknown[], unknown>;

interface LoadedTools {
  readonly plugin: Plugin;
  readonly unit: OffsetUnit;
  readonly functions: { readonly [Kind in ToolKind]?: AnyFunction };
}

async function loadTools(
  source: ModuleSource,
  { loadOptions = {}, name }: LanguageToolsOptions,
  signal: AbortSignal,
): Promise<LoadedTools> {
  const options: LoadOptions = {
    ...loadOptions,
    ...(name !== undefined && { name }),
    limits: { ...DEFAULT_TOOL_LIMITS, ...loadOptions.limits },
    hostFunctions: { ...loadOptions.hostFunctions, ...DOCUMENT_HOST_FUNCTIONS },
    restart: true,
    signal,
  };
  const plugin = await loadPlugin(source, options);
  try {
    return { plugin, unit: await offsetUnitOf(plugin, signal), functions: functionsOf(plugin) };
  } catch (error) {
    plugin.terminate(error);
    throw error;
  }
}

function functionsOf(plugin: Plugin): LoadedTools["functions"] {
  const kinds = Object.keys(TOOL_FUNCTIONS) as ToolKind[];
  const offered = kinds.filter((kind) => plugin.functions.includes(kind));
  if (offered.length === 0)
    throw new PluginLinkError(`Plugin "${plugin.name}" exports none of ${kinds.join(", ")}`, {
      pluginName: plugin.name,
    });
  const functions = offered.map((kind) => {
    const { params, result } = TOOL_FUNCTIONS[kind];
    const document = DOCUMENT_CODECS[documentForm(plugin, kind)];
    return [kind, plugin.function(kind, [document, ...params], result)];
  });
  return Object.fromEntries(functions) as LoadedTools["functions"];
}

async function offsetUnitOf(plugin: Plugin, signal: AbortSignal): Promise<OffsetUnit> {
  if (!plugin.functions.includes("offset_unit")) return "utf-8";
  const unit = await plugin.function("offset_unit", [], t.string).with({ signal })();
  if (unit === "utf-8" || unit === "utf-16") return unit;
  throw new InvalidAnswerError(
    `Plugin "${plugin.name}" answered "offset_unit" with "${unit.slice(0, 20)}" (must be "utf-8" or "utf-16")`,
    { pluginName: plugin.name },
  );
}
