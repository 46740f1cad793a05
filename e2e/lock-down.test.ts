import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Engine, insideWorker } from "./harness/inside-worker.ts";
import { expect, test } from "./harness/test.ts";

const ENGINES: readonly Engine[] = ["cloche", "wasmer"];

for (const engine of ENGINES) {
  test.describe(`a script inside a worker of the engine ${engine}`, () => {
    test("reaches only what this browser's list contains", async ({
      harness,
      browserName,
      platform,
    }, testInfo) => {
      const name = platform === "browser" ? browserName : platform;
      const file = join(import.meta.dirname, `reachable/${name}.txt`);
      if (["all", "changed"].includes(testInfo.config.updateSnapshots)) {
        const all = await insideWorker(harness, engine, reachable, []);
        writeFileSync(file, `${all.join("\n")}\n`);
      }
      const listed = readFileSync(file, "utf8").split("\n").flatMap(pathsOf);
      const unlisted = await insideWorker(harness, engine, reachable, listed);
      expect(unlisted, "reachable, but not listed").toEqual([]);
    });

    test("has no network, no storage and no other threads", async ({ harness }) => {
      const found = await insideWorker(harness, engine, () => {
        const uses: Record<string, () => unknown> = {
          fetch: () => fetch("/"),
          XMLHttpRequest: () => new XMLHttpRequest(),
          WebSocket: () => new WebSocket("ws://localhost"),
          WebTransport: () => new WebTransport("https://localhost"),
          EventSource: () => new EventSource("/"),
          importScripts: () => (globalThis as unknown as DedicatedWorker).importScripts("/"),
          compileStreaming: () => WebAssembly.compileStreaming(new Response()),
          indexedDB: () => indexedDB.open("any"),
          caches: () => caches.open("any"),
          storage: () => navigator.storage.getDirectory(),
          locks: () => navigator.locks.query(),
          Worker: () => new Worker("/"),
          BroadcastChannel: () => new BroadcastChannel("any"),
          MessageChannel: () => new MessageChannel(),
          Notification: () => new Notification("any"),
          FileReader: () => new FileReader(),
          postMessage: () => postMessage("any"),
          addEventListener: () => addEventListener("message", () => {}),
          onmessage: () => onmessage,
          self: () => self,
        };
        return Object.entries(uses).map(([name, use]) => {
          try {
            return `${name}: ${String(use())}`;
          } catch (error) {
            return `${name}: ${(error as Error).name}`;
          }
        });
      });
      const refused = found.filter((line) => /: (Reference|Type)Error$/.test(line));
      expect(refused).toEqual(found);
    });

    test("can load code only by import(), and not at all in strict isolation or in Node", async ({
      harness,
      isolation,
      platform,
    }) => {
      const found = await insideWorker(harness, engine, () => {
        const address = "data:text/javascript,";
        return import(address).then(
          () => "loaded",
          (error: Error) => error.name,
        );
      });
      const refusal = platform === "node" || isolation === "strict" ? "TypeError" : undefined;
      expect(found).toBe(refusal ?? "loaded");
    });

    test("cannot evaluate text as code", async ({ harness }) => {
      const found = await insideWorker(harness, engine, () => {
        const text = "return 1";
        const uses: (() => unknown)[] = [
          // oxlint-disable-next-line no-eval -- whether that is gone is the question
          () => eval("1"),
          // oxlint-disable-next-line typescript/no-implied-eval -- the same
          () => Function(text)(),
          // oxlint-disable-next-line typescript/no-implied-eval -- the same
          () => setTimeout("1"),
        ];
        const kinds = [() => {}, async () => {}, function* () {}, async function* () {}];
        for (const kind of kinds) {
          const { constructor } = Object.getPrototypeOf(kind) as Record<string, unknown>;
          uses.push(
            () => (kind.constructor as FunctionConstructor)(text)(),
            () => (constructor as FunctionConstructor)(text)(),
          );
        }
        return uses.map((use) => {
          try {
            return String(use());
          } catch (error) {
            return (error as Error).name;
          }
        });
      });
      expect(found.filter((name) => name !== "ReferenceError" && name !== "TypeError")).toEqual([]);
    });
  });
}

interface DedicatedWorker {
  importScripts(address: string): void;
}

/** The list's lines taken apart: `Array: from of` is `Array.from` and `Array.of`. */
function pathsOf(line: string): string[] {
  const [object, keys = ""] = line.split(": ");
  return keys.split(" ").map((key) => `${object}.${key}`);
}

/**
 * Walks from the global, and from what syntax gives without any name, over properties, getters and
 * prototypes. A line for every object that has properties which are not listed, with their names; a function's
 * length and name do not count.
 */
function reachable(global: object, _before: unknown, listed: readonly string[]): string[] {
  const known = new Set(listed);
  const generator = function* () {};
  const asyncGenerator = async function* () {};
  const roots: [string, unknown][] = [
    ["global", global],
    ["(function)", () => {}],
    ["(async function)", async () => {}],
    ["(generator function)", generator],
    ["(async generator function)", asyncGenerator],
    ["(generator)", generator()],
    ["(async generator)", asyncGenerator()],
    ["(array iterator)", [][Symbol.iterator]()],
    ["(string iterator)", ""[Symbol.iterator]()],
    ["(map iterator)", new Map().entries()],
    ["(set iterator)", new Set().values()],
    ["(match iterator)", "".matchAll(/a/g)],
    ["(regular expression)", /a/],
    ["(promise)", (async () => {})()],
    ["(error)", new Error("any")],
    [
      "(arguments)",
      (function () {
        // oxlint-disable-next-line prefer-rest-params -- the object itself is meant
        return arguments;
      })(),
    ],
    ["(number)", Object(1)],
    ["(bigint)", Object(1n)],
    ["(symbol)", Object(Symbol("any"))],
  ];
  const isObject = (value: unknown): value is object =>
    (typeof value === "object" && value !== null) || typeof value === "function";
  const paths = new Map<object, string>();
  const waiting: object[] = [];
  const meet = (path: string, value: unknown) => {
    if (!isObject(value) || paths.has(value)) return;
    paths.set(value, path);
    waiting.push(value);
  };
  for (const [path, value] of roots) meet(path, value);
  const lines: string[] = [];
  for (const object of waiting) {
    const path = paths.get(object) as string;
    const isFunction = typeof object === "function";
    const keys = Reflect.ownKeys(object)
      .filter((key) => !isFunction || (key !== "length" && key !== "name"))
      .sort((a, b) => (String(a) < String(b) ? -1 : 1));
    for (const key of keys) {
      const name = path === "global" ? String(key) : `${path}.${String(key)}`;
      const { value, get, set } = Reflect.getOwnPropertyDescriptor(object, key) ?? {};
      meet(name, value);
      meet(`${name}(get)`, get);
      meet(`${name}(set)`, set);
      try {
        if (get !== undefined) meet(name, Reflect.get(object, key));
      } catch {
        // It is meant for another kind of object.
      }
    }
    meet(`${path}(prototype)`, Reflect.getPrototypeOf(object));
    const names = keys.map(String).filter((name) => !known.has(`${path}.${name}`));
    if (names.length > 0) lines.push(`${path}: ${names.join(" ")}`);
  }
  return lines;
}
