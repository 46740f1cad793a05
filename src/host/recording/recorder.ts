/** Records the run of one plugin. */

import { PluginClosedError, PluginError, PluginTimeoutError } from "../../errors.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import type { Limits } from "../../limits.ts";
import type { FileOperations } from "../../protocol/file-operations.ts";
import type { HostAnswer, HostRequest } from "../../protocol/messages.ts";
import { describeThrown } from "../../wording/describe-thrown.ts";
import type { HostAnswers } from "./host-answers.ts";
import {
  encodeBytes,
  encodeTree,
  type RecordedAnswer,
  type RecordedEnd,
  type RecordedOperation,
  type RecordedOptions,
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

/** What a plugin is started with. */
interface RecordedStart extends Omit<RecordedOptions, "stdin" | "limits" | "files"> {
  readonly pluginName: string;
  readonly stdin: Uint8Array | "page";
  readonly limits: Limits;
  readonly files: FileSnapshot | "none";
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };
type Call = Mutable<Extract<RecordedStep, { readonly type: "call" }>>;

/** What a step takes in JSON besides its bytes. */
const STEP_BYTES = 200;

export class Recorder {
  #start: Pick<Recording, "pluginName" | "options"> | undefined;
  #module: Uint8Array<ArrayBuffer> | undefined;
  #allowedBytes = 0;
  #bytes = 0;
  #isComplete = true;
  readonly #answers: RecordedAnswer[] = [];
  readonly #steps: RecordedStep[] = [];
  /** The step of each call that has not settled, and when it was sent. */
  readonly #calls: WeakMap<object, { readonly step: Call; sentAtMs: number }> = new WeakMap();

  /** Keeps a copy of the module's bytes. */
  loaded(module: Uint8Array): void {
    this.#module = module.slice();
  }

  begin({ pluginName, stdin, limits, files, ...others }: RecordedStart): void {
    this.#allowedBytes = limits.recordingBytes;
    const options: RecordedOptions = {
      ...others,
      stdin: stdin === "page" ? null : encodeBytes(stdin),
      limits: Object.fromEntries(Object.entries(limits).map(([name, n]) => [name, finite(n)])),
      files: files === "none" ? files : encodeTree(files),
    };
    this.#start = { pluginName, options };
    this.#takes(JSON.stringify(options).length);
  }

  /** Returns the same call, which is recorded when it settles. */
  watch<PendingCall extends RecordableCall>(call: PendingCall): PendingCall {
    if (!this.#takes(STEP_BYTES + textBytes(call.args))) return call;
    const step: Call = {
      type: "call",
      functionName: call.name,
      args: encodeBytes(call.args),
      timeoutMs: finite(call.timeoutMs),
    };
    const sent = { step, sentAtMs: 0 };
    const watched: PendingCall = {
      ...call,
      resolve: (result, isOwned) => {
        if (this.#takes(textBytes(result)))
          step.end = { kind: "result", bytes: encodeBytes(result) };
        call.resolve(result, isOwned);
      },
      reject: (error) => {
        step.end = endOf(error, call.signal, performance.now() - sent.sentAtMs);
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
    const last = this.#steps.lastIndexOf(sent.step);
    if (last >= 0) this.#steps.splice(last, 1);
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
    if (this.#takes(JSON.stringify(step).length)) this.#steps.push(step);
  }

  /** Returns the same answers, which are recorded. */
  answersOf(answers: HostAnswers, names: readonly string[]): HostAnswers {
    return {
      answer: (request) => this.#answer(answers, names, request),
      endRun: (run, error) => answers.endRun(run, error),
    };
  }

  async #answer(
    answers: HostAnswers,
    names: readonly string[],
    request: HostRequest,
  ): Promise<HostAnswer> {
    const isFunction = request.kind === "function";
    const recorded: Mutable<RecordedAnswer> = {
      functionName: isFunction ? (names[request.index] ?? "") : null,
      args: isFunction ? encodeBytes(request.args) : "",
    };
    if (!this.#takes(STEP_BYTES + recorded.args.length)) return answers.answer(request);
    this.#answers.push(recorded);
    const answer = await answers.answer(request);
    if (answer === undefined) recorded.answer = null;
    else if (this.#takes(textBytes(answer))) recorded.answer = encodeBytes(answer);
    return answer;
  }

  /** What was recorded so far. */
  async recording(withModule: boolean): Promise<Recording | undefined> {
    if (this.#start === undefined) return undefined;
    const sha256 = this.#module && (await sha256Of(this.#module));
    const bytes = withModule && this.#module !== undefined ? encodeBytes(this.#module) : undefined;
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
  return { kind: "error", name, message: describeThrown(error) };
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
      return { type: "files", operation: name, path, bytes: encodeBytes(bytes) };
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

/** The length of bytes as base64. */
function textBytes({ length }: Uint8Array): number {
  return Math.ceil(length / 3) * 4;
}

/** JSON has no `Infinity`. */
function finite(value: number): number | null {
  return value === Infinity ? null : value;
}
