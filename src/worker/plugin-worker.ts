/** The plugin in its worker: what the page asks for, done on one instance and its files. */

import { transfer } from "comlink";
import { PluginError } from "../errors.ts";
import type { FileChanges } from "../files/changes/file-changes.ts";
import { type ImageChunk, joinPart } from "../files/changes/image-parts.ts";
import type { DirectoryEntry, FileStat, MountedTree } from "../files/file-system.ts";
import type { FileTree } from "../files/file-tree.ts";
import { pluginFileError } from "../files/plugin-file-error.ts";
import { WasiError } from "../files/wasi-error.ts";
import { treeTransfer } from "../protocol/bytes-transfer.ts";
import { isFatal } from "../protocol/fatal.ts";
import { type HostCaller, SuspendingCaller, WaitingCaller } from "../protocol/host-calls.ts";
import type { HostAnswer, Notice } from "../protocol/messages.ts";
import type { OutputChunk } from "../protocol/output-chunk.ts";
import type {
  CommandEnd,
  CompiledModule,
  CompileOptions,
  MountRequest,
  StartFiles,
  StartOptions,
  WorkerApi,
} from "../protocol/worker-api.ts";
import type { InputSource } from "../wasi/streams.ts";
import { WasiExit } from "../wasi/wasi-exit.ts";
import { compileModule } from "./compile-module.ts";
import type { CreateEngine, EngineFiles, WasiEngine } from "./engine.ts";
import { guestFailure } from "./failure.ts";
import { FuelMeter } from "./fuel-meter.ts";
import { Instance } from "./instance.ts";
import { createInterruptLook } from "./interrupt-look.ts";
import { hasJspi } from "./jspi.ts";
import type { Kept } from "./lock-down.ts";
import { Output } from "./output.ts";
import { createBlockingSleep, createRandom, createTime } from "./platform.ts";

/** What there is before any of the guest runs. */
interface Prepared {
  readonly options: StartOptions;
  readonly engine: WasiEngine;
  readonly output: Output;
  readonly caller: HostCaller;
  readonly meter: FuelMeter | undefined;
  readonly look: () => void;
}

export class PluginWorker implements WorkerApi {
  readonly #createEngine: CreateEngine;
  readonly #kept: Kept;
  readonly #notify: (notice: Notice) => void;
  readonly #mounts: Map<number, MountedTree> = new Map();
  #holding: Promise<boolean> | undefined;
  #keptModule: WebAssembly.Module | undefined;
  #received: (readonly ImageChunk[])[] = [];
  #prepared: Prepared | undefined;
  #instance: Instance | undefined;
  /** Whether the guest's last call came to its end, and so its files are as it meant them to be. */
  #isSettled = true;

  constructor(createEngine: CreateEngine, kept: Kept, notify: (notice: Notice) => void) {
    this.#createEngine = createEngine;
    this.#kept = kept;
    this.#notify = notify;
  }

  async compile(options: CompileOptions): Promise<CompiledModule> {
    const compiled = await compileModule(options);
    if (!options.isKept) return compiled;
    this.#keptModule = compiled.module;
    return { ...compiled, module: undefined };
  }

  hold(lifeline: string): Promise<boolean> {
    this.#holding = this.#kept.holdLock(lifeline);
    return this.#holding;
  }

  receive(part: readonly ImageChunk[]): void {
    this.#received.push(part);
  }

  prepare(options: StartOptions): void {
    const { pluginName, stdin, blocking } = options;
    const block = createBlockingSleep(options.flag);
    const send = (chunk: OutputChunk) => this.#notify({ notice: "output", ...chunk });
    const output = new Output({ send, sleep: block, nowMs: this.#kept.nowMs }, options);
    const onLook = () => output.flushWhenDue();
    const caller = hostCaller(options, output);
    const meter = createMeter(options, this.#kept, onLook);
    const interruptLook = createInterruptLook(options, meter);
    const look = () => {
      onLook();
      interruptLook();
    };
    const fillRandom = createRandom(options.random, this.#kept);
    const mayPromise = blocking === "jspi" && stdin === "page";
    const time = createTime(options.clock, mayPromise, this.#kept, block);
    const engine = this.#createEngine({
      limits: options.limits,
      args: options.args,
      env: options.env,
      hasDirectory: options.files.hasDirectory,
      stdin: stdin === "page" ? pageInput(caller) : readOnce(stdin),
      terminal: options.terminal,
      stdout: output.stdout,
      stderr: output.stderr,
      clock: time.clock,
      isJournaled: options.files.isJournaled,
      random: (bytes) => {
        look();
        fillRandom(bytes);
      },
      sleep: (durationMs) => {
        // A clock that is made up sleeps for no time.
        output.flushBeforeSleep(options.clock === "browser" ? durationMs : 0);
        return time.sleep(durationMs);
      },
    });
    onFiles(pluginName, "load files into", () => this.#putFiles(engine.files, options.files));
    this.#prepared = { options, engine, output, caller, meter, look };
  }

  async start(): Promise<void> {
    // A guest may keep this worker from ever telling.
    await this.#holding;
    const prepared = there(this.#prepared);
    const { options } = prepared;
    this.#instance = await this.#guarded("start the module", () =>
      Instance.create({ ...options, module: this.#moduleOf(options) }, prepared),
    );
  }

  call(name: string, args: Uint8Array, timeoutMs = Infinity): Promise<Uint8Array> {
    const instance = there(this.#instance);
    const { meter, engine, output } = there(this.#prepared);
    const doing = `finish call "${name}"`;
    meter?.begin(doing, timeoutMs);
    engine.beginCall();
    output.beginCall();
    return this.#guarded(doing, () => instance.call(name, args));
  }

  async run(timeoutMs: number): Promise<CommandEnd> {
    const instance = there(this.#instance);
    const { engine, meter } = there(this.#prepared);
    const doing = "finish the run";
    meter?.begin(doing, timeoutMs);
    const exitCode = await this.#guarded(doing, () => exitCodeOf(instance.run()));
    const files = this.snapshot("/");
    return transfer({ exitCode, files, truncated: engine.truncated }, treeTransfer(files));
  }

  readFile(path: string): Uint8Array {
    return this.#onFiles("read", (files) => files.read(path));
  }

  writeFile(path: string, bytes: Uint8Array): void {
    this.#onFiles("write", (files) => files.write(path, bytes));
  }

  appendFile(path: string, bytes: Uint8Array): void {
    this.#onFiles("append to", (files) => files.append(path, bytes));
  }

  list(path: string): DirectoryEntry[] {
    return this.#onFiles("list", (files) => files.list(path));
  }

  stat(path: string): FileStat {
    return this.#onFiles("stat", (files) => files.stat(path));
  }

  exists(path: string): boolean {
    return this.#onFiles("stat", (files) => files.exists(path));
  }

  mkdir(path: string): void {
    this.#onFiles("create directory", (files) => files.mkdir(path, { recursive: true }));
  }

  rename(from: string, to: string): void {
    this.#onFiles("rename", (files) => files.rename(from, to));
  }

  remove(path: string): void {
    this.#onFiles("remove", (files) => files.remove(path, { recursive: true }));
  }

  snapshot(path: string): FileTree {
    const tree = this.#onFiles("snapshot", (files) => files.snapshot(path));
    return transfer(tree, treeTransfer(tree));
  }

  load(path: string, tree: FileTree): void {
    this.#onFiles("load files into", (files) => files.load(tree, path));
  }

  mount(path: string, tree: FileTree, options: MountRequest): void {
    const mounted = this.#onFiles("mount", (files) => files.mount(path, tree, options));
    this.#mounts.set(options.volume, mounted);
  }

  unmount(volume: number): void {
    this.#mounts.get(volume)?.unmount();
    this.#mounts.delete(volume);
  }

  /** What has changed in the files since the last time, unless a call is in the middle of its changes. */
  takeChanges(): FileChanges | undefined {
    return this.#isSettled ? this.#prepared?.engine.files.takeChanges() : undefined;
  }

  #moduleOf({ module = this.#keptModule, pluginName }: StartOptions): WebAssembly.Module {
    if (module !== undefined) return module;
    const message = `Cannot start plugin "${pluginName}": no module, expected compile to have kept one`;
    throw new PluginError(message, { pluginName });
  }

  #putFiles(files: EngineFiles, { image, preopens }: StartFiles): void {
    if (image === undefined) {
      for (const [path, tree] of Object.entries(preopens)) files.load(tree, path);
    } else {
      for (const part of this.#received.splice(0)) joinPart(image, part);
      for (const [volume, mounted] of files.restore(image)) this.#mounts.set(volume, mounted);
    }
  }

  /** Runs the guest. Whatever comes out of it is an error of this library, and its output has been sent. */
  async #guarded<T>(doing: string, run: () => T | Promise<T>): Promise<T> {
    const { options, engine, output, meter } = there(this.#prepared);
    const { pluginName } = options;
    this.#isSettled = false;
    try {
      const result = await run();
      this.#isSettled = true;
      return result;
    } catch (thrown) {
      const context = { pluginName, doing, stderr: output.stderrTail };
      const failure = meter?.failure ?? guestFailure(thrown, context);
      this.#isSettled = !isFatal(failure);
      throw failure;
    } finally {
      output.flush();
      meter?.end();
      if (meter?.isLimited) this.#notify({ notice: "fuel", used: meter.used });
      if (engine.truncated.stdout) this.#notify({ notice: "truncated", fd: 1 });
      if (engine.truncated.stderr) this.#notify({ notice: "truncated", fd: 2 });
    }
  }

  #onFiles<T>(verb: string, operation: (files: EngineFiles) => T): T {
    const { options, engine } = there(this.#prepared);
    return onFiles(options.pluginName, verb, () => operation(engine.files));
  }
}

/** What an earlier request has made. */
function there<T>(made: T | undefined): T {
  if (made !== undefined) return made;
  const message = "Cannot serve request: no plugin is up, expected start to have been called";
  throw new PluginError(message, { pluginName: "" });
}

/** How a command ended by itself: by returning, which is 0, or by `proc_exit`. */
async function exitCodeOf(run: Promise<void>): Promise<number> {
  try {
    await run;
    return 0;
  } catch (thrown) {
    if (thrown instanceof WasiExit) return thrown.exitCode;
    throw thrown;
  }
}

function onFiles<T>(pluginName: string, verb: string, operation: () => T): T {
  try {
    return operation();
  } catch (thrown) {
    throw thrown instanceof WasiError ? pluginFileError(thrown, verb, pluginName) : thrown;
  }
}

/** What counts a guest's fuel, if its module was rewritten for that. */
function createMeter(
  { hooks, pluginName, limits }: StartOptions,
  kept: Kept,
  onRefill: () => void,
): FuelMeter | undefined {
  if (hooks?.fuel === undefined) return undefined;
  const options = { pluginName, fuel: limits.fuel, canSuspend: hasJspi(), onRefill };
  return new FuelMeter(options, kept);
}

/** Calls the page for the guest, in the way that the page has chosen. */
function hostCaller(options: StartOptions, output: Output): HostCaller {
  const { hostPort, sharedAnswers } = options;
  const caller =
    sharedAnswers === undefined
      ? new SuspendingCaller(hostPort)
      : new WaitingCaller(hostPort, sharedAnswers);
  return {
    call(request) {
      output.flush();
      return caller.call(request);
    },
  };
}

/** A standard input that has everything at once. */
function readOnce(contents: Uint8Array): InputSource {
  let rest = contents;
  return {
    read: () => {
      const bytes = rest;
      rest = new Uint8Array();
      return bytes;
    },
  };
}

/** A standard input that the page is asked for, the guest standing still until some has come. */
function pageInput(caller: HostCaller): InputSource {
  const received = (answer: HostAnswer): Uint8Array => {
    if (answer !== undefined) return answer;
    throw new TypeError("Cannot read standard input: its source failed on the page");
  };
  return {
    read: () => {
      const answer = caller.call({ kind: "stdin" });
      return answer instanceof Promise ? answer.then(received) : received(answer);
    },
  };
}
