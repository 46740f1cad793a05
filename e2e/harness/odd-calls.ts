/** Every public function and option of the library, called with odd values. */

import * as cloche from "cloche";
import { type OddValue, OWN_ERROR, oddValues } from "./odd-values.ts";
import { workers } from "./watched-workers.ts";
import { withoutSchema } from "./without-schema.ts";

/** A public function that is called with one odd value in one of its places. */
type OddCall = readonly [name: string, call: (value: never) => unknown];

/** Longer than any call takes: one that is over this hangs. */
const PATIENCE_MS = 15_000;

/** Calls at a time: each that succeeds may have a worker. */
const AT_A_TIME = 6;

const LIMITS = { fetchMs: 3000, loadMs: 5000, callMs: 3000 };

/** A random number generator whose numbers can be had again. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return Math.floor(((state >>> 0) / 2 ** 32) * below);
  };
}

/**
 * Calls everything with odd values and looks at what comes of it.
 *
 * @param valuesOfEach How many values each function and option gets, chosen by `seed`.
 * @returns What should not have come, in words: nothing, if all is well.
 */
export async function tryOddCalls(seed: number, valuesOfEach: number): Promise<string[]> {
  const below = generator(seed);
  const values = oddValues();
  const wrong: string[] = [];
  const stopWatching = watchStrayErrors(wrong);
  const module = await withoutSchema("/plugins/everything.wasm");
  const plugin = await cloche.loadPlugin(module, everything({ restart: true }));
  const jobs: (() => Promise<void>)[] = [];
  for (const call of oddCalls(plugin)) {
    for (let count = 0; count < valuesOfEach; count++) {
      const value = values[below(values.length)] as OddValue;
      jobs.push(async () => {
        const found = await tryCall(call, value);
        if (found !== undefined) wrong.push(`${call[0]} of ${value[0]}: ${found}`);
      });
    }
  }
  const worker = async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await job();
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  wrong.push(...(await lookAfter(plugin)));
  await plugin.close();
  await new Promise((resolve) => setTimeout(resolve, 100));
  if (workers.size > 0) wrong.push(`${workers.size} workers are left over`);
  stopWatching();
  return wrong;
}

function oddCalls(plugin: cloche.Plugin): readonly OddCall[] {
  const { hostFunction, loadPlugin, runCommand, t } = cloche;
  const url = "/plugins/double.wasm";
  const load = async (source: never, options?: unknown) => {
    const loaded = await loadPlugin(source, options as cloche.LoadOptions);
    await loaded.close();
  };
  const withOption = (name: string, inner?: (value: never) => unknown): OddCall => [
    `loadPlugin ${name}`,
    (value) => load(url as never, { limits: LIMITS, [name]: inner ? inner(value) : value }),
  ];
  const run = (options: unknown) =>
    runCommand("/plugins/fixtures/tool.wasm", { limits: LIMITS, ...(options as object) });
  const { files } = plugin;
  const echo = plugin.function("echo_string", [t.string], t.string);
  return [
    ["loadPlugin", (value) => load(value, { limits: LIMITS })],
    ["loadPlugin options", (value) => load(url as never, value)],
    ...["name", "files", "args", "env", "stdin", "stdout", "stderr", "terminal"].map((name) =>
      withOption(name),
    ),
    ...["clock", "random", "limits", "blocking", "interruption", "isolation"].map((name) =>
      withOption(name),
    ),
    ...["wasi", "worker", "signal", "hostFunctions", "restart", "onRestart", "unknown"].map(
      (name) => withOption(name),
    ),
    withOption("files", (value) => ({ "a/b": value })),
    withOption("args", (value) => [value]),
    withOption("env", (value) => ({ A: value })),
    withOption("terminal", (value) => ({ stdin: value })),
    withOption("clock", (value) => ({ startMs: value, stepNs: 1 })),
    withOption("clock", (value) => ({ startMs: 0, stepNs: value })),
    withOption("random", (value) => ({ seed: value })),
    withOption("limits", (value) => ({ ...LIMITS, fileBytes: value })),
    withOption("wasi", (value) => ({ workerSource: value })),
    withOption("hostFunctions", (value) => ({ run: value })),
    ["runCommand", (value) => runCommand(value, { limits: LIMITS })],
    ["runCommand options", (value) => runCommand("/plugins/fixtures/tool.wasm", value)],
    ["runCommand timeoutMs", (timeoutMs) => run({ timeoutMs })],
    ["runCommand stdin", (stdin) => run({ args: ["tool", "cat"], stdin })],
    ["hostFunction params", (params) => hostFunction(params, t.unit, () => {})],
    ["hostFunction param", (param) => hostFunction([param], t.unit, () => {})],
    ["hostFunction result", (result) => hostFunction([], result, () => null as never)],
    ["hostFunction call", (call) => hostFunction([], t.unit, call)],
    ["function name", (name) => plugin.function(name, [], t.unit)],
    ["function params", (params) => plugin.function("echo_string", params, t.string)],
    ["function param", (param) => plugin.function("echo_string", [param], t.string)],
    ["function result", (result) => plugin.function("echo_string", [t.string], result)],
    ["call", (value) => echo(value)],
    ["call with too many", (value) => (echo as (...args: unknown[]) => unknown)("a", value)],
    ["with", (options) => echo.with(options)("a")],
    ["with signal", (signal) => echo.with({ signal })("a")],
    ["with timeoutMs", (timeoutMs) => echo.with({ timeoutMs })("a")],
    ["files.read", (path) => files.read(path)],
    ["files.readText", (path) => files.readText(path)],
    ["files.write path", (path) => files.write(path, "a")],
    ["files.write contents", (contents) => files.write("/written", contents)],
    ["files.append contents", (contents) => files.append("/appended", contents)],
    ["files.list", (path) => files.list(path)],
    ["files.stat", (path) => files.stat(path)],
    ["files.exists", (path) => files.exists(path)],
    ["files.mkdir", (path) => files.mkdir(path)],
    ["files.rename from", (from) => files.rename(from, "/renamed")],
    ["files.rename to", (to) => files.rename("/none", to)],
    ["files.remove", (path) => files.remove(path === "" ? "/none" : path)],
    ["files.snapshot", (path) => files.snapshot(path)],
    ["files.load path", (path) => files.load(path, {})],
    ["files.load tree", (tree) => files.load("/loaded", tree)],
    ["files.load content", (content) => files.load("/loaded", { a: content })],
    ["files.exportZip", (path) => files.exportZip(path)],
    ["files.importZip", (archive) => files.importZip(archive)],
    ["mount path", (path) => mounted(plugin, path, {})],
    ["mount source", (source) => mounted(plugin, "/mounted", source)],
    ["mount content", (content) => mounted(plugin, "/mounted", { a: content })],
    ["mount options", (options) => mounted(plugin, "/mounted", {}, options)],
    ["mount readOnly", (readOnly) => mounted(plugin, "/mounted", {}, { readOnly })],
    ["mount persist", (persist) => mounted(plugin, "/mounted", {}, { persist })],
    ...typeCalls(plugin),
  ];
}

/** Every function of `t` that makes a codec, and every codec that there is without. */
function typeCalls(plugin: cloche.Plugin): OddCall[] {
  const { t } = cloche;
  return Object.entries(t as Readonly<Record<string, unknown>>).flatMap(
    ([name, type]): OddCall[] => {
      if (typeof type === "function") {
        const make = type as (...args: unknown[]) => cloche.Codec<unknown>;
        return [
          [`t.${name}`, (value) => make(value)],
          [`t.${name} with a second`, (value) => make(t.u8, value)],
          [`t.${name} with a member`, (value) => make({ a: value })],
        ];
      }
      const codec = type as cloche.Codec<unknown>;
      return [
        [`value of t.${name}`, (value) => plugin.function("echo_string", [codec], t.unit)(value)],
      ];
    },
  );
}

async function mounted(
  plugin: cloche.Plugin,
  path: string,
  source: cloche.FileSource,
  options?: cloche.MountOptions,
): Promise<void> {
  const mount = await plugin.mount(path, source, options);
  await mount.unmount();
}

/** Host functions that `everything.wasm` imports. */
function everything(options: cloche.LoadOptions): cloche.LoadOptions {
  const { hostFunction, t } = cloche;
  return {
    ...options,
    hostFunctions: {
      run: hostFunction([t.string], t.bytes, () => new Uint8Array()),
      add: hostFunction([t.i32, t.i32], t.i32, (a, b) => a + b),
      note: hostFunction([], t.unit, () => {}),
    },
  };
}

/** What is wrong with the end of a call, if anything. */
async function tryCall([, call]: OddCall, [, make]: OddValue): Promise<string | undefined> {
  let timer = 0;
  const late = new Promise<string>((resolve) => {
    timer = window.setTimeout(() => resolve("hangs"), PATIENCE_MS);
  });
  const end = async () => {
    try {
      await call(make() as never);
      return undefined;
    } catch (error) {
      return faultOf(error);
    }
  };
  try {
    return await Promise.race([end(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** An error is one of the library's, a `TypeError` that names a place, or the caller's own. */
function faultOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return `throws ${typeof error}`;
  if (error instanceof cloche.PluginError || error instanceof cloche.CodecError) return undefined;
  if (error.message === OWN_ERROR) return undefined;
  const namesPlace = /^Invalid \w/.test(error.message);
  if (error instanceof TypeError && namesPlace) return undefined;
  return `throws ${error.name}: ${error.message.slice(0, 200)}\n${error.stack?.split("\n").slice(0, 4).join("\n") ?? ""}`;
}

/** What the plugin is no more, or its counters are not. */
async function lookAfter(plugin: cloche.Plugin): Promise<string[]> {
  const { t } = cloche;
  const wrong: string[] = [];
  const echo = plugin.function("echo_string", [t.string], t.string);
  if ((await echo("still here")) !== "still here") wrong.push("the plugin answers wrongly");
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!isCount(plugin.fuelUsed)) wrong.push(`fuelUsed is ${plugin.fuelUsed}`);
  if (!isCount(plugin.restarts)) wrong.push(`restarts is ${plugin.restarts}`);
  for (const { name } of await plugin.files.list("/")) {
    const { size } = await plugin.files.stat(`/${name}`);
    if (!isCount(size)) wrong.push(`the size of ${name} is ${size}`);
  }
  await plugin.files.write("/quota", new Uint8Array(1000));
  const { fileBytes } = cloche.DEFAULT_LIMITS;
  const error = await plugin.files.write("/quota", new Uint8Array(fileBytes + 1)).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof cloche.PluginFileError)) wrong.push(`the quota is gone: ${String(error)}`);
  return wrong;
}

function watchStrayErrors(found: string[]): () => void {
  const note = (what: string, message: string) => {
    if (!message.includes(OWN_ERROR)) found.push(`${what}: ${message}`);
  };
  const onError = (event: ErrorEvent) => note("stray error", event.message);
  const onRejection = (event: PromiseRejectionEvent) =>
    note("unhandled rejection", String(event.reason));
  addEventListener("error", onError);
  addEventListener("unhandledrejection", onRejection);
  return () => {
    removeEventListener("error", onError);
    removeEventListener("unhandledrejection", onRejection);
  };
}
