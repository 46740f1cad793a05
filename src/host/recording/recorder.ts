/** Records the run of one plugin or command. */

import type { ModuleRole } from "../../abi/contract.ts";
import { PluginClosedError, PluginError, PluginTimeoutError } from "../../errors.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import type { Limits } from "../../limits.ts";
import type { FileOperations } from "../../protocol/file-operations.ts";
import type { HostAnswer, HostRequest } from "../../protocol/messages.ts";
import { base64Of } from "../../schema/json/base64.ts";
import { cutText } from "../../wording/cut-text.ts";
import { describeThrown } from "../../wording/describe-thrown.ts";
import type { HostAnswers } from "./host-answers.ts";
import {
  changedFiles,
  encodeTree,
  type RecordedAnswer,
  type RecordedCall,
  type RecordedEnd,
  type RecordedOperation,
  type RecordedOptions,
  type RecordedRun,
  type RecordedStep,
  type Recording,
} from "./recording.ts";

/** A call, as far as it is recorded. */
interface RecordableCall {
  readonly name: string;
  readonly args: Uint8Array;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  resolve(result: Uint8Array, isOwned: boolean): void;
  reject(reason: unknown): void;
}

/** What a plugin or a command is started with. */
interface RecordedStart extends Omit<RecordedOptions, "stdin" | "limits" | "files"> {
  readonly role: ModuleRole;
  readonly pluginName: string;
  readonly stdin: Uint8Array | "page";
  readonly limits: Limits;
  readonly files: FileSnapshot | "none";
}

/** What a command returns. */
interface CommandOutcome {
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly files: FileSnapshot;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** A step, and when it was sent to the worker. */
interface Sent<Step extends RecordedStep> {
  readonly step: Mutable<Step>;
  sentAtMs: number | undefined;
}

/** What a step takes in JSON besides its bytes. */
const STEP_BYTES = 200;

/** Of an error's message, which the guest may have written. Replays compare classes. */
const MAX_MESSAGE_CHARS = 1000;

export class Recorder {
  #start: Pick<Recording, "role" | "pluginName" | "options"> | undefined;
  #module: Uint8Array<ArrayBuffer> | undefined;
  #allowedBytes = 0;
  #bytes = 0;
  #isComplete = true;
  readonly #answers: RecordedAnswer[] = [];
  readonly #steps: RecordedStep[] = [];
  /** The step of each call that has not settled, and when it was sent. */
  readonly #calls: WeakMap<object, Sent<RecordedCall>> = new WeakMap();
  /** The run of a command. */
  #run: Sent<RecordedRun> | undefined;

  /** Keeps a copy of the module's bytes. */
  loaded(module: Uint8Array): void {
    this.#module = module.slice();
  }

  begin({ role, pluginName, stdin, limits, files, ...others }: RecordedStart): void {
    this.#allowedBytes = limits.recordingBytes;
    const hasAll = this.#takes(jsonBytes([others, stdin, limits, files]));
    const given = hasAll ? { stdin, files } : { stdin: new Uint8Array(), files: {} };
    const options: RecordedOptions = {
      ...others,
      stdin: given.stdin === "page" ? null : base64Of(given.stdin),
      limits: Object.fromEntries(Object.entries(limits).map(([name, n]) => [name, finite(n)])),
      files: given.files === "none" ? given.files : encodeTree(given.files),
    };
    this.#start = { role, pluginName, options };
  }

  /** Returns the same call, which is recorded when it settles. */
  watch<PendingCall extends RecordableCall>(call: PendingCall): PendingCall {
    if (!this.#takes(STEP_BYTES + jsonBytes([call.name, call.args]))) return call;
    const step: Mutable<RecordedCall> = {
      type: "call",
      functionName: call.name,
      args: base64Of(call.args),
      timeoutMs: finite(call.timeoutMs),
    };
    const sent: Sent<RecordedCall> = { step, sentAtMs: undefined };
    const watched: PendingCall = {
      ...call,
      resolve: (result, isOwned) => {
        if (this.#takes(textBytes(result))) step.end = { kind: "result", bytes: base64Of(result) };
        call.resolve(result, isOwned);
      },
      reject: (error) => {
        this.#failed(sent, error, call.signal);
        call.reject(error);
      },
    };
    this.#calls.set(watched, sent);
    return watched;
  }

  /** The worker is sent a call, for the second time if the first worker died before the call's turn. */
  sent(call: object): void {
    const sent = this.#calls.get(call);
    if (sent === undefined) return;
    if (sent.sentAtMs !== undefined) this.#steps.splice(this.#steps.lastIndexOf(sent.step), 1);
    this.#steps.push(sent.step);
    sent.sentAtMs = performance.now();
  }

  /** The worker is sent an operation on its files. */
  operated<Name extends keyof FileOperations>(
    name: Name,
    args: Parameters<FileOperations[Name]>,
  ): void {
    const step = operationOf(name, args);
    if (step === undefined) return;
    if (this.#takes(jsonBytes(step))) this.#steps.push(step);
  }

  /** The command is run. */
  ran(timeoutMs: number): void {
    const step: RecordedRun = { type: "run", timeoutMs: finite(timeoutMs) };
    if (!this.#takes(STEP_BYTES)) return;
    this.#steps.push(step);
    this.#run = { step, sentAtMs: performance.now() };
  }

  /** The command has exited. */
  exited({ exitCode, stdout, stderr, files }: CommandOutcome): void {
    if (this.#run === undefined || this.#start === undefined) return;
    const before = this.#start.options.files;
    const changed = changedFiles(before === "none" ? {} : before, files);
    if (!this.#takes(jsonBytes([stdout, stderr, changed]))) return;
    const output = { stdout: base64Of(stdout), stderr: base64Of(stderr) };
    this.#run.step.end = { kind: "exit", exitCode, ...output, files: changed };
  }

  /** The run of the command was rejected. */
  failed(error: unknown, signal: AbortSignal | undefined): void {
    if (this.#run !== undefined) this.#failed(this.#run, error, signal);
  }

  #failed(
    { step, sentAtMs = performance.now() }: Sent<RecordedCall | RecordedRun>,
    error: unknown,
    signal: AbortSignal | undefined,
  ): void {
    const end = endOf(error, signal, performance.now() - sentAtMs);
    if (this.#takes(jsonBytes(end))) step.end = end;
  }

  /**
   * Returns the same answers, which are recorded.
   *
   * @param isClosed Whether their guest is gone, and gets none any more.
   */
  answersOf(answers: HostAnswers, names: readonly string[], isClosed: () => boolean): HostAnswers {
    return {
      answer: (request) => this.#answer(answers, names, isClosed, request),
      endRun: (run, error) => answers.endRun(run, error),
    };
  }

  async #answer(
    answers: HostAnswers,
    names: readonly string[],
    isClosed: () => boolean,
    request: HostRequest,
  ): Promise<HostAnswer> {
    const isFunction = request.kind === "function";
    const recorded: Mutable<RecordedAnswer> = {
      functionName: isFunction ? (names[request.index] ?? "") : null,
      args: isFunction ? base64Of(request.args) : "",
    };
    if (!this.#takes(STEP_BYTES + recorded.args.length)) return answers.answer(request);
    this.#answers.push(recorded);
    const answer = await answers.answer(request);
    // A replay that had it would let the guest go on which was stopped while it waited.
    if (isClosed()) return answer;
    if (answer === undefined) recorded.answer = null;
    else if (this.#takes(textBytes(answer))) recorded.answer = base64Of(answer);
    else this.#answers.splice(this.#answers.lastIndexOf(recorded), 1);
    return answer;
  }

  /** What was recorded so far. */
  async recording(withModule: boolean): Promise<Recording | undefined> {
    if (this.#start === undefined) return undefined;
    const sha256 = this.#module && (await sha256Of(this.#module));
    const bytes = withModule && this.#module !== undefined ? base64Of(this.#module) : undefined;
    return structuredClone({
      format: "cloche-recording",
      version: 1,
      isComplete: this.#isComplete,
      ...this.#start,
      module: {
        ...(sha256 === undefined ? {} : { sha256 }),
        ...(bytes === undefined ? {} : { bytes }),
      },
      answers: this.#answers,
      steps: this.#steps,
    });
  }

  /** Whether so much more is recorded. What comes after something that was left out is left out too. */
  #takes(bytes: number): boolean {
    this.#bytes += bytes;
    if (this.#bytes > this.#allowedBytes) this.#isComplete = false;
    return this.#isComplete;
  }
}

/** The SHA-256 of a module, where the page can compute it. */
async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  if (globalThis.crypto?.subtle === undefined) return undefined;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** How a call that was rejected ended. */
export function endOf(
  error: unknown,
  signal: AbortSignal | undefined,
  afterMs: number,
): RecordedEnd {
  if (error instanceof PluginTimeoutError) return { kind: "timeout" };
  const isAborted = signal?.aborted === true && error === signal.reason;
  if (isAborted || error instanceof PluginClosedError) return { kind: "stopped", afterMs };
  const name = error instanceof PluginError ? error.name : "Error";
  return { kind: "error", name, message: cutText(describeThrown(error), MAX_MESSAGE_CHARS) };
}

function operationOf<Name extends keyof FileOperations>(
  name: Name,
  args: Parameters<FileOperations[Name]>,
): RecordedOperation | undefined {
  type Args<Of extends keyof FileOperations> = Parameters<FileOperations[Of]>;
  switch (name) {
    case "write":
    case "append": {
      const [path, bytes] = args as unknown as Args<"write">;
      return { type: "files", operation: name, path, bytes: base64Of(bytes) };
    }
    case "mkdir":
    case "remove": {
      const [path] = args as unknown as Args<"remove">;
      return { type: "files", operation: name, path };
    }
    case "rename": {
      const [path, to] = args as unknown as Args<"rename">;
      return { type: "files", operation: name, path, to };
    }
    case "load": {
      const [path, tree] = args as unknown as Args<"load">;
      return { type: "files", operation: name, path, tree: encodeTree(tree) };
    }
    case "mount": {
      const [path, tree, { volume, readOnly }] = args as unknown as Args<"mount">;
      return { type: "files", operation: name, path, tree: encodeTree(tree), volume, readOnly };
    }
    case "unmount": {
      const [volume] = args as unknown as Args<"unmount">;
      return { type: "files", operation: name, volume };
    }
    default:
      // It reads.
      return undefined;
  }
}

/** About how long a value is in JSON, which is not made: of much data it would be too long for a text. */
function jsonBytes(value: unknown): number {
  if (value instanceof Uint8Array) return textBytes(value);
  if (typeof value === "string") return JSON.stringify(value).length;
  if (typeof value !== "object" || value === null) return 8;
  let bytes = 2;
  for (const [name, each] of Object.entries(value)) bytes += jsonBytes(name) + jsonBytes(each) + 2;
  return bytes;
}

/** The length of bytes as base64. */
function textBytes({ length }: Uint8Array): number {
  return Math.ceil(length / 3) * 4;
}

/** JSON has no `Infinity`. */
function finite(value: number): number | null {
  return value === Infinity ? null : value;
}
