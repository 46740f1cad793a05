/**
 * The workspace: the one program that the playground has open, with its calls, files, input and output.
 *
 * For whoever adds a panel:
 * - `workspace.open({ name, source, kind }, { keepFiles })` loads a plugin, or runs a command.
 * - `program`, `plugin`, `files`, `state` and `calls` are signals; a component that reads their `.value`
 *   is drawn again when they change.
 * - `workspace.output.subscribe({ write, clear })` gets what is written to stdout and stderr, first what
 *   was kept of it. `workspace.input.send(text)` answers a program that reads stdin, `.end()` ends its input.
 * - `workspace.restart()` starts the same program anew with its files, `stop()` interrupts what runs,
 *   `kill()` ends the program.
 *
 * What the gallery offers is the table in gallery/gallery-entries.ts, what the tabs show the one in tabs.tsx.
 */

import { type ReadonlySignal, signal } from "@preact/signals";
import {
  type CloseReason,
  type FileSnapshot,
  type GuestFunction,
  type LoadOptions,
  loadPlugin,
  type Plugin,
  type PluginFiles,
  type PluginSchema,
  runCommand,
  type TypeDescription,
} from "cloche";
import { findSchema } from "cloche/schema";
import { errorText } from "../../error-text.ts";
import type { CallRecord, Outcome } from "./call-record.ts";
import { hostAnswers } from "./host-answers.ts";
import { InputQueue } from "./input-queue.ts";
import { moduleBytesOf } from "./module-bytes.ts";
import { OutputLog } from "./output-log.ts";
import type { OpenOptions, Program, WorkspaceState } from "./program.ts";
import { loadShelf } from "./shelf.ts";

/** What the history keeps; each record holds its result. */
const KEPT_CALLS = 20;
const KEPT_DURATIONS = 120;
const FIRST_TIME_LIMIT_MS = 5000;
/** How long a program that is busy may keep the page from the files it holds. */
const SNAPSHOT_MS = 500;

/** Whether a guest can wait for the page: for host functions, and for input that a person types. */
export const canGuestsWait: boolean = "Suspending" in WebAssembly || globalThis.crossOriginIsolated;

export class Workspace {
  readonly output: OutputLog = new OutputLog();
  readonly input: InputQueue = new InputQueue();
  /** The time limit of the next call. */
  readonly timeLimitMs = signal(FIRST_TIME_LIMIT_MS);
  readonly #program = signal<Program | undefined>(undefined);
  readonly #plugin = signal<Plugin | undefined>(undefined);
  readonly #files = signal<PluginFiles | undefined>(undefined);
  readonly #filesVersion = signal(0);
  readonly #state = signal<WorkspaceState>({ kind: "empty" });
  readonly #calls = signal<readonly CallRecord[]>([]);
  readonly #callDurations = signal<readonly number[]>([]);
  readonly #moduleBytes = signal<Uint8Array<ArrayBuffer> | undefined>(undefined);
  readonly #loadMs = signal<number | undefined>(undefined);
  #running: AbortController | undefined;
  /** Ends what the program before is still doing. */
  #opened = 0;
  #callCount = 0;

  get program(): ReadonlySignal<Program | undefined> {
    return this.#program;
  }

  /** The plugin that takes calls; `undefined` of a command, and when there is none. */
  get plugin(): ReadonlySignal<Plugin | undefined> {
    return this.#plugin;
  }

  /** The files of the plugin, or those that the next run of the command starts with. */
  get files(): ReadonlySignal<PluginFiles | undefined> {
    return this.#files;
  }

  /** Changes when files may have changed. */
  get filesVersion(): ReadonlySignal<number> {
    return this.#filesVersion;
  }

  get state(): ReadonlySignal<WorkspaceState> {
    return this.#state;
  }

  /** The last calls, the newest first. */
  get calls(): ReadonlySignal<readonly CallRecord[]> {
    return this.#calls;
  }

  /** How long the last calls took in milliseconds, the newest last; more than `calls` has. */
  get callDurations(): ReadonlySignal<readonly number[]> {
    return this.#callDurations;
  }

  /** The binary of the module that is open. */
  get moduleBytes(): ReadonlySignal<Uint8Array<ArrayBuffer> | undefined> {
    return this.#moduleBytes;
  }

  /** From the start of loading until the plugin took calls. */
  get loadMs(): ReadonlySignal<number | undefined> {
    return this.#loadMs;
  }

  /**
   * Opens a program in the place of the one before. Resolves when a plugin takes calls, and when a
   * command has started to load.
   *
   * @throws what `loadPlugin` throws, only with `keepFiles`; else the state has it.
   */
  async open(program: Program, { keepFiles = false }: OpenOptions = {}): Promise<void> {
    const opened = ++this.#opened;
    const before = this.#plugin.peek();
    const stateBefore = this.#state.peek();
    const files = { ...program.files, ...(keepFiles ? await this.#snapshot() : {}) };
    if (opened !== this.#opened) return;
    const next = { ...program, files };
    if (!keepFiles) this.#leave();
    this.#state.value = { kind: "loading" };
    if (next.kind === "command") {
      this.#leave();
      this.#program.value = next;
      await this.#openCommand(next, opened);
      return;
    }
    if (!keepFiles) this.#program.value = next;
    const bytes = await moduleBytesOf(next);
    try {
      const startMs = performance.now();
      const plugin = await loadPlugin(bytes ?? next.source, this.#optionsOf(next, bytes));
      if (opened !== this.#opened) {
        plugin.terminate();
        return;
      }
      this.#loadMs.value = performance.now() - startMs;
      if (keepFiles) this.#leave();
      this.#program.value = next;
      this.#moduleBytes.value = bytes;
      this.#plugin.value = plugin;
      this.#files.value = plugin.files;
      this.#state.value = { kind: "ready" };
      this.touchFiles();
      void this.#watch(plugin);
    } catch (error) {
      if (opened !== this.#opened) return;
      if (keepFiles && before !== undefined) {
        this.#state.value = stateBefore;
        throw error;
      }
      this.#program.value = next;
      this.#moduleBytes.value = bytes;
      this.#state.value = { kind: "failed", error };
      if (keepFiles) throw error;
    }
  }

  /** Starts the program anew, with the files it has. */
  async restart(): Promise<void> {
    const program = this.#program.peek();
    if (program === undefined) return;
    const files = await this.#snapshot();
    await this.open({ ...program, files });
  }

  /** Interrupts what runs. A plugin goes on with a fresh instance, a command ends. */
  stop(): void {
    this.#running?.abort(new DOMException("Stopped by you", "AbortError"));
  }

  /** Ends the program. Its files are kept for a restart. */
  async kill(): Promise<void> {
    this.stop();
    const plugin = this.#plugin.peek();
    const program = this.#program.peek();
    if (plugin === undefined || program === undefined) return;
    this.#program.value = { ...program, files: await this.#snapshot() };
    plugin.terminate();
  }

  /** Tells that files were changed. */
  touchFiles(): void {
    this.#filesVersion.value += 1;
  }

  /** Calls a function of the plugin, and adds the call to the history. */
  async call(
    functionName: string,
    args: readonly unknown[],
    described: {
      readonly argumentsJson: string;
      readonly result: TypeDescription;
      /** Default: the time limit of the workspace. */
      readonly timeoutMs?: number;
    },
  ): Promise<CallRecord | undefined> {
    const plugin = this.#plugin.peek();
    if (plugin === undefined || this.#running !== undefined) return undefined;
    const running = new AbortController();
    this.#running = running;
    this.#state.value = { kind: "running", sinceMs: performance.now() };
    const startMs = performance.now();
    const { result, timeoutMs = this.timeLimitMs.peek() } = described;
    const bounds = { signal: running.signal, timeoutMs };
    const outcome = await outcomeOf(plugin, functionName, args, result, bounds);
    const record: CallRecord = {
      id: ++this.#callCount,
      functionName,
      argumentsJson: described.argumentsJson,
      durationMs: performance.now() - startMs,
      endedAtMs: Date.now(),
      outcome,
    };
    if (this.#plugin.peek() === plugin || outcome.kind === "error") {
      this.#calls.value = [record, ...this.#calls.peek()].slice(0, KEPT_CALLS);
      this.#callDurations.value = [...this.#callDurations.peek(), record.durationMs].slice(
        -KEPT_DURATIONS,
      );
    }
    if (this.#running === running) this.#running = undefined;
    if (this.#plugin.peek() === plugin) this.#state.value = { kind: "ready" };
    this.touchFiles();
    return record;
  }

  #optionsOf(program: Program, bytes: Uint8Array | undefined): LoadOptions {
    const { name, files = {}, limits, env, args } = program;
    return {
      name,
      files,
      hostFunctions: hostAnswers(program, schemaOf(bytes), this.output),
      ...(limits === undefined ? {} : { limits }),
      ...(env === undefined ? {} : { env }),
      ...(args === undefined ? {} : { args }),
      ...(canGuestsWait ? { stdin: this.input.start() } : {}),
      stdout: (text) => this.output.write("stdout", text),
      stderr: (text) => this.output.write("stderr", text),
      restart: true,
      onRestart: ({ reason }) =>
        this.output.write("note", `Started again: ${reasonText(reason)}\n`),
    };
  }

  async #openCommand(command: Program, opened: number): Promise<void> {
    const { name, source, files = {}, args = [name], env = {}, limits } = command;
    const [shelf, bytes] = await Promise.all([loadShelf(files), moduleBytesOf(command)]);
    if (opened !== this.#opened) {
      shelf.terminate();
      return;
    }
    this.#shelf = shelf;
    this.#moduleBytes.value = bytes;
    this.#files.value = shelf.files;
    this.touchFiles();
    const running = new AbortController();
    this.#running = running;
    this.#state.value = { kind: "running", sinceMs: performance.now() };
    void this.#run(opened, shelf, () =>
      runCommand(bytes ?? source, {
        name,
        files,
        args,
        env,
        ...(limits === undefined ? {} : { limits }),
        signal: running.signal,
        timeoutMs: Number.POSITIVE_INFINITY,
        ...(canGuestsWait ? { stdin: this.input.start() } : {}),
        stdout: (text) => this.output.write("stdout", text),
        stderr: (text) => this.output.write("stderr", text),
      }),
    );
  }

  async #run(
    opened: number,
    shelf: Plugin,
    run: () => ReturnType<typeof runCommand>,
  ): Promise<void> {
    let end: WorkspaceState;
    try {
      const { exitCode, files } = await run();
      for (const { name } of await shelf.files.list("/")) await shelf.files.remove(`/${name}`);
      await shelf.files.load("/", files);
      end = { kind: "ended", reason: `Exit code ${exitCode}` };
    } catch (error) {
      end = { kind: "failed", error };
    }
    if (opened !== this.#opened) return;
    this.#running = undefined;
    this.#state.value = end;
    this.touchFiles();
  }

  #shelf: Plugin | undefined;

  /** Ends the program before. */
  #leave(): void {
    this.stop();
    this.#running = undefined;
    this.#plugin.peek()?.terminate();
    this.#shelf?.terminate();
    this.#shelf = undefined;
    this.#plugin.value = undefined;
    this.#files.value = undefined;
    this.#calls.value = [];
    this.#callDurations.value = [];
    this.#loadMs.value = undefined;
    this.#moduleBytes.value = undefined;
    this.output.clear();
  }

  async #watch(plugin: Plugin): Promise<void> {
    const reason = await plugin.closed;
    if (this.#plugin.peek() !== plugin) return;
    this.#plugin.value = undefined;
    this.#files.value = undefined;
    this.#state.value =
      reason.kind === "failed"
        ? { kind: "failed", error: reason.error }
        : { kind: "ended", reason: "You ended this plugin and its worker" };
  }

  /** The files of the program, or those that it started with where it does not give them. */
  async #snapshot(): Promise<FileSnapshot | NonNullable<Program["files"]>> {
    const start = this.#program.peek()?.files ?? {};
    const files = this.#files.peek();
    if (files === undefined) return start;
    const { promise, resolve } = Promise.withResolvers<typeof start>();
    const timer = setTimeout(() => resolve(start), SNAPSHOT_MS);
    files.snapshot().then(resolve, () => resolve(start));
    const taken = await promise;
    clearTimeout(timer);
    return taken;
  }
}

async function outcomeOf(
  plugin: Plugin,
  name: string,
  args: readonly unknown[],
  type: TypeDescription,
  bounds: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Outcome> {
  try {
    const call = plugin.function(name) as unknown as GuestFunction<readonly unknown[], unknown>;
    return { kind: "value", value: await call.with(bounds)(...args), type };
  } catch (error) {
    return { kind: "error", error };
  }
}

function reasonText(reason: CloseReason): string {
  if (reason.kind === "failed") return errorText(reason.error);
  return reason.kind === "terminated" ? errorText(reason.reason) : "closed";
}

/** A schema that cannot be read is an error of the loading, which says so. */
function schemaOf(bytes: Uint8Array | undefined): PluginSchema | undefined {
  try {
    return bytes && findSchema(bytes);
  } catch {
    return undefined;
  }
}

/** The one workspace of the page. */
export const workspace: Workspace = new Workspace();
