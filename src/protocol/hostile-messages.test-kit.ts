/**
 * What a hostile worker may post: messages of every kind that Comlink and this library know, and of
 * none, put together by chance from a seed. Runs in a browser's worker too.
 */

import { FrameWriter } from "./lanes/call-frames.ts";

/** A message, and what goes with it. */
export interface Posted {
  readonly message: unknown;
  readonly transfer: Transferable[];
}

/** Names that lead somewhere in JavaScript, or in this library, and names that a file cannot have. */
const NAMES = [
  ...words("__proto__ constructor prototype then toString valueOf hasOwnProperty __defineGetter__"),
  ...words("call apply bind start run read snapshot changes files postMessage eval Function"),
  ...words("name length message details exitCode 0 a.txt .. . / ../a"),
  "",
  "a\0b",
  "\ud800",
];
const TYPES = words("GET SET APPLY CONSTRUCT ENDPOINT RELEASE RAW HANDLER then");
const METHODS = words("start run read snapshot compile constructor __proto__ then");
const HANDLERS = [...words("proxy throw bytes bytes __proto__ constructor toString other"), ""];
const NOTICES = words("ready output output output truncated fuel memory toString __proto__ closed");
const ERRORS = [
  ...words("PluginError PluginLoadError PluginLinkError PluginTrapError PluginExitError"),
  ...words("PluginLimitError PluginHostFunctionError PluginFileError PluginClosedError"),
  ...words("constructor __proto__ TypeError"),
];
const DETAILS = words("exitCode limit value allowed guestStack stderr code path functionName");
const NUMBERS = [0, -0, 1, 2, -1, 0.5, NaN, Infinity, -Infinity, 2 ** 31, 2 ** 32, 2 ** 53, 1e308];

function words(text: string): string[] {
  return text.split(" ");
}

/** An empty one. */
const MODULE = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));

export class HostileMessages {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /**
   * The next message.
   *
   * @param ids Of requests that the worker has seen, answered or not.
   */
  next(ids: readonly string[]): Posted {
    const transfer: Transferable[] = [];
    const values = new Values(this, transfer);
    return { message: this.#message(ids, values), transfer };
  }

  /**
   * The next host call, or what looks like one.
   *
   * @param size How many host functions there are.
   * @param tickets That the worker has seen.
   */
  nextCall(size: number, tickets: readonly number[]): Posted {
    const transfer: Transferable[] = [];
    const values = new Values(this, transfer);
    const message = this.often(90) ? this.#call(size, tickets, values) : values.any();
    return { message, transfer };
  }

  /** The next request, or what looks like one. */
  nextRequest(): Posted {
    const transfer: Transferable[] = [];
    return { message: this.#request(["1"], new Values(this, transfer)), transfer };
  }

  /** An integer from 0 up to, but not, `end`. */
  below(end: number): number {
    // Mulberry32, a generator of 32 bits by Tommy Ettinger.
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Whether something is so, in so many of a hundred cases. */
  often(percent: number): boolean {
    return this.below(100) < percent;
  }

  #message(ids: readonly string[], values: Values): unknown {
    const kind = this.below(28);
    if (kind > 23) return this.#replies(values);
    if (kind > 19) return this.#changing(ids, values);
    if (kind < 6) return this.#reply(ids, values);
    if (kind < 9) return this.#request(ids, values);
    if (kind < 13) return this.#notice(values);
    if (kind < 14) return this.#call(2, [], values);
    if (kind < 16) return this.#odd({ ...this.#reply(ids, values) }, values);
    if (kind < 18) return { id: this.#id(ids, values), type: "RAW", value: values.answer() };
    return values.any();
  }

  /** An answer that any request can have, and that tells of changed files. */
  #changing(ids: readonly string[], values: Values): unknown {
    const value = { name: "PluginError", message: "made up", details: {} };
    const id = this.#id(ids, values);
    return { id, type: "HANDLER", name: "throw", value, changes: values.fileChanges() };
  }

  /** Replies to calls, or what looks like them. */
  #replies(values: Values): unknown {
    const writer = new FrameWriter();
    const thrown: unknown[] = [];
    for (let count = this.below(4); count > 0; count--) {
      const isError = this.often(30);
      if (isError && this.often(95)) thrown.push(this.#error(values));
      const head = this.often(95) ? Number(isError) : this.below(2 ** 32);
      const amount = this.often(95) ? this.below(99) : this.one(NUMBERS);
      const length = isError ? 0 : this.often(95) ? this.below(40) : 5000;
      writer.add(head, amount, new Uint8Array(length));
    }
    const { frames, separate } = writer.take();
    // Bytes of heads and lengths, now and then.
    if (this.often(20) && frames.length > 0) frames[this.below(frames.length)] = this.below(256);
    const replies = this.often(95)
      ? frames.subarray(0, frames.length - this.below(2))
      : values.any();
    const changes = this.often(20) ? values.fileChanges() : undefined;
    const batch: Record<string, unknown> = { replies, separate, thrown, changes };
    for (const name of ["separate", "thrown", "changes"]) {
      if (this.often(2)) define(batch, name, values.any());
    }
    return this.#odd(batch, values);
  }

  #id(ids: readonly string[], values: Values): unknown {
    if (ids.length > 0 && this.often(85)) return this.one(ids);
    return this.often(50) ? this.one(NAMES) : values.any();
  }

  #reply(ids: readonly string[], values: Values): Record<string, unknown> {
    const id = this.#id(ids, values);
    if (this.often(25)) return { id, type: "RAW", value: values.any() };
    const name = this.one(HANDLERS);
    if (name === "throw" && this.often(80)) {
      return { id, type: "HANDLER", name, value: this.#error(values) };
    }
    const value = name === "proxy" ? values.port() : values.any();
    return { id, type: this.often(90) ? "HANDLER" : "RAW", name, value };
  }

  #error(values: Values): unknown {
    const details = values.record();
    for (const name of DETAILS) {
      if (this.often(40)) details[name] = this.often(50) ? values.plain() : this.one(NAMES);
    }
    if (this.often(10)) return Object.assign(new Error("made up"), { details });
    const message = this.often(90) ? this.one(NAMES) : values.any();
    return { name: this.one(ERRORS), message, details: this.often(95) ? details : values.any() };
  }

  #request(ids: readonly string[], values: Values): unknown {
    return {
      id: this.#id(ids, values),
      type: this.often(50) ? "APPLY" : this.one(TYPES),
      path: this.often(90) ? values.path() : values.any(),
      argumentList: this.often(80)
        ? [
            {
              type: this.often(50) ? "RAW" : "HANDLER",
              name: this.one(HANDLERS),
              value: values.any(),
            },
          ]
        : values.any(),
      value: this.often(50) ? { type: "RAW", value: values.any() } : undefined,
    };
  }

  #notice(values: Values): unknown {
    const fd = this.often(80) ? 1 + this.below(2) : values.any();
    const bytes = this.often(60) ? new Uint8Array(this.below(100)) : values.bytes();
    const used = this.often(80) ? this.below(99) : values.any();
    const switches = this.often(80) ? [] : this.often(50) ? [this.below(99)] : values.any();
    return this.#odd(
      { notice: this.one(NOTICES), fd, bytes, switches, used, memoryBytes: used },
      values,
    );
  }

  #call(size: number, tickets: readonly number[], values: Values): unknown {
    const ticket = this.often(90) ? this.one([0, ...tickets, ...tickets]) : values.plain();
    const index = this.often(90) ? this.below(size + 1) : values.any();
    const run = this.often(90) ? this.below(4) : values.any();
    const args = this.often(80) ? new Uint8Array(this.below(40)) : values.bytes();
    if (this.often(30)) {
      const text = "\u00ff".repeat(this.often(95) ? this.below(40) : 5000);
      const numbers = [ticket, run, index].map((value) =>
        typeof value === "number" ? value : this.one(NUMBERS),
      );
      return `${numbers.join(" ")} ${text}`;
    }
    const kind = this.often(60) ? "function" : this.often(90) ? "stdin" : values.any();
    return this.#odd({ kind, ticket, run, index, args }, values);
  }

  /** The same, now and then with one property changed, added or taken away. */
  #odd(message: Record<string, unknown>, values: Values): unknown {
    if (this.often(70)) return message;
    const name = this.one([...Object.keys(message), ...NAMES]);
    if (this.often(30)) delete message[name];
    else define(message, name, values.any());
    return message;
  }
}

/** Everything that can be cloned or transferred, and much of it where it does not belong. */
class Values {
  readonly #chance: HostileMessages;
  readonly #transfer: Transferable[];
  #depth = 0;

  constructor(chance: HostileMessages, transfer: Transferable[]) {
    this.#chance = chance;
    this.#transfer = transfer;
  }

  any(): unknown {
    if (this.#depth > 3) return this.plain();
    this.#depth += 1;
    const value = this.#chance.often(60) ? this.plain() : this.#container();
    this.#depth -= 1;
    return value;
  }

  plain(): unknown {
    const chance = this.#chance;
    switch (chance.below(8)) {
      case 0:
        return undefined;
      case 1:
        return null;
      case 2:
        return chance.often(50);
      case 3:
        return chance.one([0n, -1n, 2n ** 70n]);
      case 4:
        return chance.often(99) ? chance.one(NAMES) : "x".repeat(70_000);
      default:
        return chance.one(NUMBERS);
    }
  }

  bytes(): unknown {
    const chance = this.#chance;
    switch (chance.below(9)) {
      case 0:
        return new Uint8Array(new ArrayBuffer(64, { maxByteLength: 128 }), 0, 8);
      case 1:
        return new Uint8Array(new ArrayBuffer(8, { maxByteLength: 128 }));
      case 2:
        return new Uint8Array(new ArrayBuffer(4096), chance.below(4096), 0);
      case 3:
        return new Float64Array(chance.below(9));
      case 4:
        return new DataView(new ArrayBuffer(8));
      case 5:
        return shared();
      case 6: {
        const bytes = new Uint8Array(chance.below(20_000));
        this.#transfer.push(bytes.buffer);
        return bytes;
      }
      case 7:
        return new ArrayBuffer(chance.below(100));
      default:
        return new Uint8ClampedArray(4);
    }
  }

  /** A port, which goes along. */
  port(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    port2.close();
    this.#transfer.push(port1);
    return port1;
  }

  path(): unknown[] {
    const names = Array.from({ length: this.#chance.below(4) }, () => this.#chance.one(NAMES));
    if (this.#chance.often(40)) names.splice(0, 1, this.#chance.one(METHODS));
    return names;
  }

  record(): Record<string, unknown> {
    const record: Record<string, unknown> = {};
    for (let count = this.#chance.below(4); count > 0; count--) {
      define(record, this.#chance.one(NAMES), this.any());
    }
    return record;
  }

  /** What is nearly an answer of some method. */
  answer(): unknown {
    const chance = this.#chance;
    const bytes = () => (chance.often(80) ? new Uint8Array(chance.below(9)) : this.any());
    switch (chance.below(9)) {
      case 0:
        return { exitCode: this.plain(), files: this.#tree(), truncated: this.any() };
      case 1:
        return { exitCode: 0, files: this.#tree(), truncated: { stdout: true, stderr: false } };
      case 2:
        return [{ name: chance.one(NAMES), type: chance.one(["file", "directory", "link", "x"]) }];
      case 3:
        return { type: "file", size: chance.one(NUMBERS), modifiedMs: chance.one(NUMBERS) };
      case 4:
        return this.#compiled();
      case 5:
        return bytes();
      case 6:
        return chance.one([true, false, undefined, 0, 1]);
      default:
        return this.#tree();
    }
  }

  #compiled(): unknown {
    const chance = this.#chance;
    const name = () => (chance.often(90) ? chance.one(NAMES) : this.any());
    const names = () => (chance.often(90) ? [name(), name()] : this.any());
    const isReactor = chance.often(90) ? true : this.any();
    const contract = { guestFunctions: names(), hostFunctions: names(), isReactor };
    return { module: MODULE, contract, hooks: this.any() };
  }

  /** What is nearly changes of files, of a tree or of what is none. */
  fileChanges(): unknown {
    const chance = this.#chance;
    const id = () => this.#nearly(chance.below(5));
    const entry = () => {
      const name = chance.often(95) ? `f${chance.below(5)}` : chance.one(NAMES);
      return [name, chance.often(80) ? id() : undefined] as const;
    };
    const node = () => {
      const times = this.#nearly([0n, 1n, 2n ** 64n - 1n]);
      const kind = chance.below(5);
      if (kind === 0) return undefined;
      if (kind === 1) {
        const target = this.#nearly(this.#some(() => entry()[0]).join("/../"));
        return { kind: "link", times, target };
      }
      if (kind === 2) {
        const size = this.#nearly(chance.below(9));
        const chunk = () => [0, this.#nearly(new Uint8Array(chance.below(9)))] as const;
        return { kind: "file", times, size, chunks: new Map(this.#some(chunk)) };
      }
      return { kind: "directory", times, entries: new Map(this.#some(entry)) };
    };
    const nodes = this.#some(() => [id(), this.#nearly(node())] as const);
    const volume = { isReadOnly: chance.often(1), nodes: new Map(nodes) };
    const mounts = [[id(), { volume: id(), directory: id(), name: this.#nearly("f0") }]] as const;
    return {
      volumes: this.#nearly(new Map([[1 + chance.below(2), this.#nearly(volume)]])),
      mounts: chance.often(95) ? undefined : new Map(mounts),
    };
  }

  /** The same, but for once in a while. */
  #nearly(value: unknown): unknown {
    return this.#chance.often(2) ? this.any() : value;
  }

  #some<T>(make: () => T): T[] {
    return Array.from({ length: this.#chance.below(5) }, make);
  }

  #tree(): unknown {
    const chance = this.#chance;
    if (chance.often(5)) return this.any();
    const tree: Record<string, unknown> = {};
    this.#depth += 1;
    for (let count = chance.below(4); count > 0; count--) {
      const isFile = this.#depth > 3 || chance.often(60);
      const name = chance.often(70) ? `f${chance.below(9)}` : chance.one(NAMES);
      define(tree, name, isFile ? new Uint8Array(chance.below(9)) : this.#tree());
    }
    this.#depth -= 1;
    if (chance.often(3)) define(tree, "again", tree);
    return tree;
  }

  #container(): unknown {
    const chance = this.#chance;
    switch (chance.below(14)) {
      case 0:
        return [this.any(), this.any()];
      case 1:
        return new Map([[this.any(), this.any()]]);
      case 2:
        return new Set([this.any()]);
      case 3:
        return chance.one([
          new Date(NaN),
          new Date(0),
          /x/g,
          new RangeError("x"),
          new Error("x", { cause: 1 }),
        ]);
      case 4:
        return new Blob(["x"]);
      case 5:
        return chance.often(20) ? this.port() : Object(1n);
      case 6:
      case 7:
        return this.bytes();
      case 8: {
        const cycle = this.record();
        define(cycle, chance.one(NAMES), cycle);
        return cycle;
      }
      case 9:
        return chance.often(2) ? giant(chance) : [];
      case 10:
        return Object.assign([1, 2], { id: "x", type: "RAW" });
      default:
        return this.record();
    }
  }
}

/** Where the browser lets nobody share, a memory's buffer cannot even be posted. */
function shared(): unknown {
  return typeof SharedArrayBuffer === "function"
    ? new Uint8Array(new SharedArrayBuffer(8))
    : new Uint8Array(8).buffer;
}

/** Large, or deep, but not so that posting it takes longer than all others together. */
function giant(chance: HostileMessages): unknown {
  if (chance.often(30)) return Object.assign([], { length: 2 ** 32 - 1 });
  if (chance.often(50)) return Array.from({ length: 10_000 }, (_, index) => ({ index }));
  let nested: unknown = 1;
  for (let level = 0; level < 500; level++) nested = { [chance.one(NAMES)]: nested };
  return nested;
}

/** Sets an own property, also one called `__proto__`. */
function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
