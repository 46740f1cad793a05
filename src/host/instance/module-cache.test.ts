import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS, type Limits } from "../../limits.ts";
import type { CompiledModule } from "../../protocol/compiled-module.ts";
import {
  type FlagAddress,
  type FlagPlace,
  MAX_FLAG_MEMORIES,
  takeFlagAddress,
} from "../grants/flag-memory.ts";
import { ModuleCache, type ModuleKey, moduleKey } from "./module-cache.ts";

function target({
  hostFunctions = [],
  limits = {},
}: {
  hostFunctions?: readonly string[];
  limits?: Partial<Limits>;
} = {}) {
  return {
    pluginName: "p",
    role: "plugin",
    interruption: "fuel",
    hostFunctions,
    limits: { ...DEFAULT_LIMITS, ...limits },
    isKept: false,
  } as const;
}

const OWN_SCRIPT = { worker: undefined, wasi: undefined };

function keyOf(bytes: readonly number[], options = target()): ModuleKey {
  const key = moduleKey({ ...options, source: Uint8Array.from(bytes) }, OWN_SCRIPT);
  if (key === undefined) throw new Error("it has no key");
  return key;
}

function compiled(...guestFunctions: string[]): CompiledModule {
  const contract = { guestFunctions, hostFunctions: [], isReactor: false };
  return { module: undefined, contract, hooks: undefined, lines: undefined };
}

/** Has a module compiled if the cache has none. */
function obtain(
  cache: ModuleCache,
  key: ModuleKey,
  compiling: Promise<CompiledModule>,
  flagAddress?: FlagAddress,
) {
  const compile = () => ({ compiling, flagPlace: flagAddress?.take() });
  return cache.obtain(key, flagAddress, compile);
}

/** Keeps modules, each named by its bytes and compiled at once. */
async function cacheOf(cache: ModuleCache, ...modules: readonly number[][]): Promise<void> {
  for (const bytes of modules) {
    await obtain(cache, keyOf(bytes), Promise.resolve(compiled(bytes.join(" "))));
    // Others are hashed in other threads, and kept then.
    for (let size = -1; size !== cache.size; await keyOf(bytes).text) size = cache.size;
  }
}

/** What a module that was found is called; `undefined` where it would be compiled, which fails here. */
async function nameIn(cache: ModuleCache, key: ModuleKey): Promise<string | undefined> {
  const failing = Promise.reject<CompiledModule>(new Error("not compiled"));
  failing.catch(() => {});
  const obtained = await obtain(cache, key, failing);
  return "module" in obtained ? obtained.module.contract.guestFunctions[0] : undefined;
}

describe("A cache of modules", () => {
  test("has the module of the same bytes, and none of others of the same length", async () => {
    const cache = new ModuleCache();
    await cacheOf(cache, [1, 2, 3], [1, 2, 4]);
    const keys = [
      [1, 2, 3],
      [1, 2, 4],
      [1, 2, 5],
      [1, 2],
    ].map((bytes) => keyOf(bytes));
    const names = await Promise.all(keys.map((key) => nameIn(cache, key)));
    expect(names).toEqual(["1 2 3", "1 2 4", undefined, undefined]);
  });

  test("goes by the bytes as they were when the key was made", async () => {
    const cache = new ModuleCache();
    const source = Uint8Array.from([1, 2, 3]);
    const key = moduleKey({ ...target(), source }, OWN_SCRIPT) as ModuleKey;
    source.fill(9);
    await obtain(cache, key, Promise.resolve(compiled("123")));
    expect(await nameIn(cache, keyOf([1, 2, 3]))).toBe("123");
    expect(await nameIn(cache, keyOf([9, 9, 9]))).toBeUndefined();
  });

  test("tells apart what was compiled for another role, form, limit, host function or script", async () => {
    const source = Uint8Array.of(1);
    const variants = [
      target(),
      { ...target(), role: "command" as const },
      { ...target(), interruption: "epoch" as const },
      target({ hostFunctions: ["f"] }),
      target({ limits: { memoryBytes: 1 } }),
    ].map((options) => moduleKey({ ...options, source }, OWN_SCRIPT));
    const scripts = [
      { worker: "/worker.js", wasi: undefined },
      { worker: undefined, wasi: { workerSource: "1" } },
    ].map((script) => moduleKey({ ...target(), source }, script));
    const texts = await Promise.all([...variants, ...scripts].map(async (key) => key?.text));
    expect(new Set(texts).size).toBe(7);
  });

  test("shares a module between plugins whose other limits differ", async () => {
    const [one, other] = [{}, { callMs: 5 }].map((limits) => keyOf([1], target({ limits })));
    expect(await one?.text).toBe(await other?.text);
  });

  test("has no key for what cannot be shared, or comes from a worker that a function made", () => {
    const source = Uint8Array.of(1);
    expect(moduleKey({ ...target(), source, isKept: true }, OWN_SCRIPT)).toBeUndefined();
    const worker = () => ({}) as Worker;
    expect(moduleKey({ ...target(), source }, { ...OWN_SCRIPT, worker })).toBeUndefined();
    const module = new WebAssembly.Module(Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0]));
    expect(moduleKey({ ...target(), source: module }, OWN_SCRIPT)).toBeUndefined();
  });

  test("waits for a module that is being compiled, and keeps none that fails", async () => {
    const cache = new ModuleCache();
    let compileGood: (module: CompiledModule) => void = () => {};
    const good = new Promise<CompiledModule>((resolve) => {
      compileGood = resolve;
    });
    let failBad: (error: Error) => void = () => {};
    const bad = new Promise<CompiledModule>((_, reject) => {
      failBad = reject;
    });
    bad.catch(() => {});
    void obtain(cache, keyOf([1]), good);
    void obtain(cache, keyOf([2]), bad);
    const waiting = [[1], [2]].map((bytes) => nameIn(cache, keyOf(bytes)));
    failBad(new Error("no module"));
    compileGood(compiled("good"));
    expect(await Promise.all(waiting)).toEqual(["good", undefined]);
    expect(cache.size).toBe(1);
  });

  test("drops what was not used for the longest time, once it has too many bytes or modules", async () => {
    const cache = new ModuleCache(5, 3);
    await cacheOf(cache, [1, 1], [2, 2]);
    await nameIn(cache, keyOf([1, 1]));
    await cacheOf(cache, [3, 3]);
    const names = [
      [1, 1],
      [2, 2],
      [3, 3],
    ].map((bytes) => nameIn(cache, keyOf(bytes)));
    expect(await Promise.all(names)).toEqual(["1 1", undefined, "3 3"]);
    await cacheOf(cache, [1, 2, 3, 4, 5, 6]);
    expect(cache.size).toBe(2);
    await cacheOf(cache, [4], [5], [6]);
    expect(cache.size).toBe(3);
  });

  test("gives each plugin a flag of its own, until a module has none left", async () => {
    const cache = new ModuleCache();
    const take = async () => {
      const obtained = obtain(cache, keyOf([7]), Promise.resolve(compiled("7")), takeFlagAddress());
      return (await obtained).flagPlace;
    };
    const places: (FlagPlace | undefined)[] = [];
    for (let count = 0; count <= MAX_FLAG_MEMORIES; count++) places.push(await take());
    const flags = places.map((place) => place?.flag());
    const [address, ...addresses] = flags.map((flag) => flag?.address);
    expect(addresses.lastIndexOf(address)).toBe(MAX_FLAG_MEMORIES - 2);
    const ofFirst = flags.filter((flag) => flag?.address === address);
    expect(new Set(ofFirst.map((flag) => flag?.memory)).size).toBe(MAX_FLAG_MEMORIES);
    places[2]?.release();
    const { memory, generation } = (await take())?.flag() ?? {};
    expect([memory, generation]).toEqual([flags[2]?.memory, (flags[2]?.generation ?? 0) + 1]);
  });
});
