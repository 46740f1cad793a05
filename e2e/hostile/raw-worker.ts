/**
 * A worker that is hostile from the first line on: what a guest would be that had broken out of Wasm.
 *
 * It keeps to the protocol as far as its orders say, which it finds in its name, and then posts what
 * no worker of the library would.
 */

import { HostileMessages, type Posted } from "../../src/protocol/hostile-messages.test-kit.ts";
import type { CallBatch, RingCall } from "../../src/protocol/lanes/call-batches.ts";
import { type CallMemory, WORD } from "../../src/protocol/lanes/call-memory.ts";

/** What a worker is to do. */
export type Orders =
  /** Posts so many messages made up from a seed. */
  | { readonly act: "fuzz"; readonly seed: number; readonly messages: number }
  /** Posts the same for as long as it lives, from the first call on. */
  | { readonly act: "flood"; readonly message: Flood }
  /** Writes anything anywhere in the memory that calls go by, for as long as it lives, from the first call on. */
  | { readonly act: "scribble"; readonly seed: number }
  /** Answers as it should up to here, and then never again. */
  | { readonly act: "silence" }
  /** Answers what it is asked for next with a list of 2^32 - 1 holes, a message of 43 bytes. */
  | { readonly act: "holes" };

/** What is posted over and over. */
export type Flood =
  | "ready"
  | "noise"
  | "answers"
  | "output"
  | "full output"
  | "host calls"
  | "errors";

type Post = (message: unknown, transfer?: Transferable[]) => void;

const scope = globalThis as unknown as { readonly name: string; readonly postMessage: Post };
const tellPage: Post = scope.postMessage.bind(scope);
const orders = JSON.parse(scope.name) as Orders;
const ids: string[] = [];
let callMemory: CallMemory | undefined;
/** Before that the page takes no host calls. */
let isPrepared = false;

addEventListener("message", ({ data }: MessageEvent<Request | CallBatch | RingCall>) => {
  if ("ring" in data || "calls" in data) {
    if (orders.act === "scribble") scribble(orders.seed);
    if (orders.act === "fuzz") fuzz();
    if (orders.act === "flood") flood(orders.message);
    return undefined;
  }
  ids.push(data.id);
  const method = data.path[0];
  switch (orders.act) {
    case "fuzz":
      return fuzz(data);
    case "silence":
    case "scribble":
      return honest(data);
    case "holes":
      if (method === "list") tellPage({ id: data.id, type: "RAW", value: holes() });
      else honest(data);
      return undefined;
    case "flood":
      return honest(data);
  }
});
tellPage({ notice: "ready" });

interface Request {
  readonly id: string;
  readonly path: readonly [string];
  readonly argumentList: readonly [{ readonly value: Given }];
}

interface Given {
  readonly source: BufferSource | WebAssembly.Module;
  readonly hostFunctions: readonly string[];
  readonly calls: CallMemory | undefined;
}

/** Answers what comes before the first call, as a worker of the library does. */
function honest({ id, path: [method], argumentList }: Request): void {
  const answer = (value: unknown) => tellPage({ id, type: "RAW", value });
  switch (method) {
    case "hold":
      return answer(false);
    case "compile":
      return answer(compiled(argumentList[0].value));
    case "prepare":
      callMemory = argumentList[0].value.calls;
      isPrepared = true;
      return answer(undefined);
    case "start":
      return answer(undefined);
  }
}

function holes(): unknown[] {
  const list: unknown[] = [];
  list.length = 2 ** 32 - 1;
  return list;
}

function compiled({ source, hostFunctions }: Given): unknown {
  const module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
  const guestFunctions = WebAssembly.Module.exports(module)
    .filter(({ name }) => name.startsWith("__"))
    .map(({ name }) => name.slice(2));
  const contract = { guestFunctions, hostFunctions, isReactor: false };
  return { module, contract, hooks: undefined, lines: undefined };
}

let chance: HostileMessages | undefined;
let left = orders.act === "fuzz" ? orders.messages : 0;

/** Is honest about three of four requests, two of three workers until they are up, and posts some messages with each. */
function fuzz(request?: Request): void {
  if (orders.act !== "fuzz") return;
  chance ??= new HostileMessages(orders.seed);
  const isQuiet = ids.length <= 4 && orders.seed % 3 > 0;
  if (request !== undefined && (isQuiet || chance.often(75))) honest(request);
  if (isQuiet) return;
  for (let count = chance.below(4); count > 0 && left > 0; count--, left--) {
    post(isPrepared && chance.often(30) ? chance.nextCall(2, []) : chance.next(ids));
  }
}

function post({ message, transfer }: Posted): void {
  try {
    tellPage(message, transfer);
  } catch {
    // It cannot be cloned.
  }
}

/**
 * Wakes the page each time. In bursts: Chromium lets a terminated worker that spins run on for two
 * seconds, and a few of them leave the page no core.
 */
function scribble(seed: number): void {
  if (callMemory === undefined) return;
  setTimeout(() => scribble(seed + 1), 5);
  const chance = new HostileMessages(seed);
  const words = new Int32Array(callMemory.control);
  const replies = new Uint32Array(callMemory.replies);
  const numbers = [0, 1, 8, 16, 24, 64, 65_536, 2 ** 31, 2 ** 32 - 1];
  for (let step = 0; step < 5000; step++) {
    replies[chance.below(16)] = chance.often(80) ? chance.below(40) : chance.one(numbers);
    Atomics.store(words, chance.one(Object.values(WORD)), chance.one(numbers));
    Atomics.notify(words, WORD.repliesWritten);
  }
}

function flood(what: Flood): void {
  const bytes = (length: number) => new Uint8Array(length);
  for (;;) {
    switch (what) {
      case "ready":
        tellPage({ notice: "ready" });
        break;
      case "noise":
        tellPage("noise");
        break;
      case "answers":
        tellPage({ replies: bytes(15) });
        break;
      case "output":
        tellPage({ notice: "output", fd: 1, bytes: bytes(0), switches: [] });
        break;
      case "full output": {
        const full = bytes(64 * 1024);
        tellPage({ notice: "output", fd: 1, bytes: full, switches: [] }, [full.buffer]);
        break;
      }
      case "host calls":
        tellPage({ kind: "function", ticket: 0, run: 1, index: 0, args: bytes(0) });
        break;
      case "errors":
        setTimeout(() => {
          throw new Error("noise");
        });
        return void setTimeout(() => flood("errors"));
    }
  }
}
