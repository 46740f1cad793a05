/** The plugin in its worker: loads it and runs its guest, as the page asks. */

import { transfer } from "comlink";
import { PluginError } from "../errors.ts";
import type { FileChanges } from "../files/changes/file-changes.ts";
import type { ImageChunk } from "../files/changes/image-parts.ts";
import { treeTransfer } from "../protocol/bytes-transfer.ts";
import type { CompiledModule, CompileOptions } from "../protocol/compiled-module.ts";
import { isFatal } from "../protocol/fatal.ts";
import type { FileOperations } from "../protocol/file-operations.ts";
import { hasJspi } from "../protocol/has-jspi.ts";
import {
  type HostCaller,
  PENDING,
  SuspendingCaller,
  WaitingCaller,
} from "../protocol/host-calls.ts";
import type { ServedCall } from "../protocol/lanes/call-lane.ts";
import type { HostAnswer, HostCall, Notice, PostedAnswer } from "../protocol/messages.ts";
import type { OutputChunk } from "../protocol/output-chunk.ts";
import type { PrepareOptions, StartHostCalls, StartOptions } from "../protocol/start-options.ts";
import type { CommandEnd, WorkerApi } from "../protocol/worker-api.ts";
import type { InputSource } from "../wasi/streams.ts";
import { WasiExit } from "../wasi/wasi-exit.ts";
import { callOf } from "../wording/guest-run.ts";
import { compileModule } from "./compile-module.ts";
import type { CreateEngine, WasiEngine } from "./engine.ts";
import { guestFailure } from "./failure.ts";
import { FuelMeter } from "./fuel-meter.ts";
import { GuestInstance } from "./guest-instance.ts";
import { createInterruptLook } from "./interrupt-look.ts";
import type { BrowserApis } from "./lock-down.ts";
import { Output } from "./output.ts";
import { createBlockingSleep, createRandom, createTime } from "./platform.ts";
import { WorkerFiles } from "./worker-files.ts";

/** What there is before any of the guest runs. */
interface Prepared {
  readonly options: StartOptions;
  readonly engine: WasiEngine;
  readonly files: WorkerFiles;
  readonly output: Output;
  readonly caller: HostCaller;
  readonly meter: FuelMeter | undefined;
  readonly look: () => void;
  /** Posts what is left to post before the guest waits for the page. */
  readonly onWait: () => void;
}

/** What is posted to the page, besides replies. */
interface PagePosts {
  notify(notice: Notice): void;
  readonly callHost: (call: HostCall | string, transfer: Transferable[]) => void;
}

/** The replies that wait to be posted: see `lanes/message-lane.ts`. */
interface Replies {
  flush(): void;
  flushWhenDue(): void;
}

export class PluginWorker implements Omit<WorkerApi, keyof FileOperations> {
  readonly #createEngine: CreateEngine;
  readonly #apis: BrowserApis;
  readonly #page: PagePosts;
  readonly #replies: Replies;
  #holding: Promise<boolean> | undefined;
  #compiling: Promise<CompiledModule> | undefined;
  /** Parts of the image that went ahead of {@link prepare}. */
  #received: (readonly ImageChunk[])[] = [];
  #preparing: Promise<void> | undefined;
  #prepared: Prepared | undefined;
  #instance: GuestInstance | undefined;
  /** The number of the guest's run, as the page counts them. */
  #run = -1;
  /** Whether the guest's last call came to its end, and so its files are as it meant them to be. */
  #isSettled = true;
  /** The size of the memory that the page knows of. */
  #memoryTold = 0;

  constructor(createEngine: CreateEngine, apis: BrowserApis, page: PagePosts, replies: Replies) {
    this.#createEngine = createEngine;
    this.#apis = apis;
    this.#page = page;
    this.#replies = replies;
  }

  async compile(options: CompileOptions): Promise<CompiledModule> {
    this.#compiling = compileModule(options);
    const { lines, ...compiled } = await this.#compiling;
    const { module } = compiled;
    const moved = lines && [lines.pieces, lines.lineTable, lines.lineStrings];
    return transfer(
      { ...compiled, lines, module: options.isKept ? undefined : module },
      (moved ?? []).map(({ buffer }) => buffer),
    );
  }

  hold(lifeline: string): Promise<boolean> {
    this.#holding = this.#apis.holdLock(lifeline);
    return this.#holding;
  }

  receive(part: readonly ImageChunk[]): void {
    this.#received.push(part);
  }

  prepare(posted: PrepareOptions): Promise<void> {
    this.#preparing = this.#prepare(posted);
    return this.#preparing;
  }

  async #prepare(posted: PrepareOptions): Promise<void> {
    const options = linkedOptions(posted, posted.module.compiled ?? (await this.#compiling));
    const { wasi, hostCalls } = options;
    const { stdin, hasListener } = wasi;
    const block = createBlockingSleep(options.module.flag);
    const send = (chunk: OutputChunk) => this.#notify({ notice: "output", ...chunk });
    const output = new Output({ send, sleep: block, nowMs: this.#apis.nowMs }, hasListener);
    const onLook = () => {
      this.#replies.flushWhenDue();
      output.flushWhenDue();
    };
    const onWait = () => {
      this.#replies.flush();
      output.flush();
    };
    const caller = createCaller(hostCalls, this.#page, this.#apis.nowMs);
    const meter = createMeter(options, this.#apis, onLook);
    const interruptLook = createInterruptLook(options, meter);
    const look = () => {
      onLook();
      interruptLook();
    };
    const fillRandom = createRandom(wasi.random, this.#apis);
    const mayPromise = hostCalls.blocking === "jspi" && stdin === "page";
    const time = createTime(wasi.clock, mayPromise, this.#apis, block);
    const engine = this.#createEngine({
      limits: options.limits,
      args: wasi.args,
      env: wasi.env,
      hasDirectory: options.files.hasDirectory,
      stdin: stdin === "page" ? pageInput(caller, onWait, output) : readOnce(stdin),
      terminal: wasi.terminal,
      stdout: output.stdout,
      stderr: output.stderr,
      clock: time.clock,
      isJournaled: options.files.isJournaled,
      random: (bytes) => {
        look();
        fillRandom(bytes);
      },
      sleep: (durationMs, wait) => {
        this.#replies.flush();
        output.flushBeforeWait(durationMs);
        return time.sleep(durationMs, wait);
      },
    });
    const files = new WorkerFiles(options.pluginName, engine.files);
    files.start(options.files, this.#received.splice(0));
    this.#prepared = { options, engine, files, output, caller, meter, look, onWait };
  }

  async start(): Promise<void> {
    await this.#preparing;
    const prepared = required(this.#prepared);
    // A guest may keep this worker from ever telling, and would tell of another module.
    await this.#holding;
    if (this.#compiling !== undefined) await this.#apis.nextTask();
    const { options } = prepared;
    this.#instance = await this.#guarded("Start", () =>
      GuestInstance.create(options.module.compiled, options, {
        ...prepared,
        callPage: (index, args) => {
          prepared.onWait();
          return prepared.caller.callFunction(this.#run, index, args);
        },
      }),
    );
    this.#tellMemory();
  }

  async hearOutput(): Promise<void> {
    await this.#preparing;
    required(this.#prepared).output.hear();
  }

  call({ index, args, timeoutMs, isOwned }: ServedCall): Uint8Array | Promise<Uint8Array> {
    const instance = required(this.#instance);
    const { options, meter, engine, output } = required(this.#prepared);
    const name = options.module.functions[index] ?? "";
    this.#beginRun();
    meter?.begin(callOf(name), timeoutMs);
    engine.beginCall();
    output.beginCall();
    try {
      const result = instance.call(name, args, isOwned);
      if (!(result instanceof Promise)) {
        this.#endRun();
        return result;
      }
      return result.then(
        (bytes) => {
          this.#endRun();
          return bytes;
        },
        (thrown: unknown) => {
          throw this.#failRun(callOf(name), thrown);
        },
      );
    } catch (thrown) {
      throw this.#failRun(callOf(name), thrown);
    }
  }

  /** Takes the answer to a host call. */
  takeAnswer(answer: PostedAnswer): void {
    this.#prepared?.caller.takeAnswer?.(answer);
  }

  /** How many runs of the guest there were, and so the number of the next. */
  get runs(): number {
    return this.#run + 1;
  }

  /** Whether the guest asks for fuel again and again while it runs. */
  get isMetered(): boolean {
    return this.#prepared?.meter !== undefined;
  }

  /** The fuel that the guest has used, where that is limited; 0 elsewhere. */
  get fuelUsed(): number {
    const meter = this.#prepared?.meter;
    return meter?.isLimited === true ? meter.used : 0;
  }

  async run(timeoutMs: number): Promise<CommandEnd> {
    const instance = required(this.#instance);
    required(this.#prepared).meter?.begin("Run", timeoutMs);
    const exitCode = await this.#guarded("Run", () => exitCodeOf(instance.run()));
    const files = this.files.do("snapshot", ["/"]);
    return transfer({ exitCode, files }, treeTransfer(files));
  }

  /** The plugin's files. Throws before {@link prepare}. */
  get files(): WorkerFiles {
    return required(this.#prepared).files;
  }

  /** What has changed in the files since the last time, unless a call is in the middle of its changes. */
  takeChanges(): FileChanges | undefined {
    return this.#isSettled ? this.#prepared?.engine.files.takeChanges() : undefined;
  }

  /** Runs the guest. Whatever comes out of it is an error of this library, and its output has been sent. */
  async #guarded<T>(name: string, run: () => T | Promise<T>): Promise<T> {
    this.#beginRun();
    try {
      const result = await run();
      this.#endRun();
      return result;
    } catch (thrown) {
      throw this.#failRun(name, thrown);
    } finally {
      if (this.fuelUsed > 0) this.#notify({ notice: "fuel", used: this.fuelUsed });
    }
  }

  #beginRun(): void {
    this.#run += 1;
    this.#isSettled = false;
  }

  #endRun(): void {
    this.#isSettled = true;
    this.#tellEnd();
  }

  #failRun(name: string, thrown: unknown): unknown {
    const { options, output, meter } = required(this.#prepared);
    const context = { pluginName: options.pluginName, run: name, stderr: output.stderrTail };
    const failure = meter?.failure ?? guestFailure(thrown, context);
    this.#isSettled = !isFatal(failure);
    this.#tellEnd();
    return failure;
  }

  /** Sends what is left of the run's output, and what was dropped of it. */
  #tellEnd(): void {
    const { engine, output, meter, caller } = required(this.#prepared);
    caller.endLook?.();
    output.flush();
    meter?.end();
    if (engine.truncated.stdout) this.#notify({ notice: "truncated", fd: 1 });
    if (engine.truncated.stderr) this.#notify({ notice: "truncated", fd: 2 });
    this.#tellMemory();
  }

  #notify(notice: Notice): void {
    this.#prepared?.caller.endLook?.();
    this.#page.notify(notice);
  }

  /** Tells how large the guest's memory is, if it has grown. */
  #tellMemory(): void {
    const memoryBytes = this.#instance?.memoryBytes ?? 0;
    if (memoryBytes <= this.#memoryTold) return;
    this.#memoryTold = memoryBytes;
    this.#notify({ notice: "memory", memoryBytes });
  }
}

/** What an earlier request has made. @throws {PluginError} when there was none */
function required<T>(made: T | undefined): T {
  if (made !== undefined) return made;
  throw new PluginError("Cannot serve the request: no plugin is loaded", { pluginName: "" });
}

/** What an instance is linked to, once its module is known. @throws {PluginError} when there is none */
function linkedOptions(posted: PrepareOptions, compiled: CompiledModule | undefined): StartOptions {
  const { pluginName, hostCalls, wasi } = posted;
  if (compiled?.module === undefined) {
    const message = `Cannot start plugin "${pluginName}": its module was never compiled`;
    throw new PluginError(message, { pluginName });
  }
  const { module, contract, hooks } = compiled;
  const asksPage = contract.hostFunctions.length > 0 || wasi.stdin === "page";
  return {
    ...posted,
    module: {
      compiled: module,
      hooks,
      flag: posted.module.flag,
      functions: contract.guestFunctions,
      isReactor: contract.isReactor,
    },
    hostCalls: { ...hostCalls, blocking: asksPage ? hostCalls.blocking : undefined },
  };
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

/** What counts a guest's fuel, if its module was rewritten for that. */
function createMeter(
  { module, pluginName, limits }: StartOptions,
  apis: BrowserApis,
  onRefill: () => void,
): FuelMeter | undefined {
  if (module.hooks?.fuel === undefined) return undefined;
  const options = { pluginName, fuel: limits.fuel, canSuspend: hasJspi(), onRefill };
  return new FuelMeter(options, apis);
}

/** Calls the page for the guest, in the way that the page has chosen. */
function createCaller(
  { memory }: StartHostCalls,
  { callHost }: PagePosts,
  nowMs: () => number,
): HostCaller {
  return memory === undefined
    ? new SuspendingCaller(callHost)
    : new WaitingCaller(callHost, memory, nowMs);
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
function pageInput(caller: HostCaller, onWait: () => void, output: Output): InputSource {
  const received = (answer: HostAnswer): Uint8Array => {
    if (answer !== undefined) return answer;
    throw new TypeError("Cannot read standard input: its source failed on the page");
  };
  return {
    read: (_maxBytes, waitMs) => {
      if (caller.isReading) output.flushBeforeWait(waitMs);
      else onWait();
      const answer = caller.readStdin(waitMs);
      if (answer === PENDING) return undefined;
      return answer instanceof Promise ? answer.then(received) : received(answer);
    },
  };
}
