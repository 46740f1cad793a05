import { runInNewContext } from "node:vm";
import { describe, expect, test, vi } from "vitest";
import { viewOf } from "../../brands.ts";
import { PluginLimitError, PluginLoadError } from "../../errors.ts";
import { fetchModule, settleSource } from "./fetch-module.ts";

const bounds = {
  pluginName: "p",
  moduleBytes: 10,
  fetchMs: 1000,
  signal: new AbortController().signal,
};

/** The smallest module. */
const MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/** A response whose body gives chunks of these lengths and then stalls; its `cancel` never settles. */
function stalling(chunks: readonly number[] = [], init: ResponseInit = {}) {
  const cancel = vi.fn(() => new Promise<void>(() => {}));
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const length of chunks) controller.enqueue(new Uint8Array(length));
    },
    cancel,
  });
  return { response: new Response(body, init), cancel };
}

const rejection = (promise: Promise<unknown>) => promise.then(Number, (error: unknown) => error);

describe("fetchModule", () => {
  test("joins the chunks of a response, up to the limit", async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(MODULE.slice(0, 5));
        controller.enqueue(Uint8Array.of(...MODULE.slice(5), 1, 2));
        controller.close();
      },
    });
    const bytes = await fetchModule(new Response(body), bounds);
    expect(bytes).toEqual(Uint8Array.of(...MODULE, 1, 2));
  });

  test("takes a body of any length, whatever its header says", async () => {
    const long = Uint8Array.of(...MODULE, ...new Uint8Array(1000).fill(7));
    const chunks = [long.slice(0, 3), long.slice(3, 500), long.slice(500)];
    for (const header of ["1008", "8", "400", "5000", "-5", "1.5", "many"]) {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const chunk of chunks) controller.enqueue(chunk);
          controller.close();
        },
      });
      const response = new Response(body, { headers: { "content-length": header } });
      const bytes = (await fetchModule(response, { ...bounds, moduleBytes: 10_000 })) as Uint8Array;
      expect(bytes).toEqual(long);
      expect(bytes.buffer.byteLength).toBe(long.length);
    }
  });

  test("copies the bytes of every kind of buffer, and reads blobs", async () => {
    const resizable = new ArrayBuffer(8, { maxByteLength: 64 });
    new Uint8Array(resizable).set(MODULE);
    const shared: ArrayBufferView = new Uint8Array(new SharedArrayBuffer(8));
    viewOf(shared as BufferSource).set(MODULE);
    const sources = [
      MODULE,
      MODULE.buffer,
      new DataView(Uint8Array.of(9, ...MODULE, 9).buffer, 1, 8),
      resizable,
      shared as BufferSource,
      runInNewContext("Uint8Array.from(bytes).buffer", { bytes: MODULE }) as ArrayBuffer,
      new Blob([MODULE]),
    ];
    for (const source of sources) {
      const bytes = await fetchModule(source, bounds);
      expect(bytes).toEqual(MODULE);
      expect(bytes).not.toBe(source);
      expect((bytes as Uint8Array).buffer).toBeInstanceOf(ArrayBuffer);
    }
  });

  test("returns a compiled module as it is", async () => {
    const module = new WebAssembly.Module(MODULE);
    expect(await fetchModule(module, bounds)).toBe(module);
  });

  test("rejects with the signal's reason if it aborts while a body or a connection stalls", async () => {
    for (const isAddress of [false, true]) {
      const controller = new AbortController();
      const { response, cancel } = stalling([3]);
      const source = isAddress ? "data:application/wasm,x" : response;
      if (isAddress) vi.stubGlobal("fetch", () => Promise.resolve(response));
      const reading = rejection(fetchModule(source, { ...bounds, signal: controller.signal }));
      await new Promise((resolve) => void setTimeout(resolve, 5));
      controller.abort("enough");
      expect([await reading, cancel.mock.calls.length]).toEqual(["enough", 1]);
      vi.unstubAllGlobals();
    }
  });

  test("reads nothing if the signal is already aborted", async () => {
    const { response, cancel } = stalling([3]);
    const signal = AbortSignal.abort("enough");
    expect(await rejection(fetchModule(response, { ...bounds, signal }))).toBe("enough");
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  test("rejects a module that does not arrive within fetchMs", async () => {
    const { response, cancel } = stalling([3]);
    const error = await rejection(fetchModule(response, { ...bounds, fetchMs: 20 }));
    expect(error).toBeInstanceOf(PluginLimitError);
    expect(error).toMatchObject({ limit: "fetchMs", value: 20, allowed: 20 });
    expect((error as Error).message).toBe(
      'Module of plugin "p" did not arrive within 20 ms (limits.fetchMs)',
    );
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  test("rejects a module of more than moduleBytes, without waiting for the rest", async () => {
    const announced = stalling([], { headers: { "content-length": "11" } });
    const arrived = stalling([5, 6]);
    for (const { response, cancel } of [announced, arrived]) {
      const error = await rejection(fetchModule(response, bounds));
      expect(error).toMatchObject({
        message: 'Module of plugin "p" is 11 bytes, limit 10 bytes (limits.moduleBytes)',
        limit: "moduleBytes",
        value: 11,
        allowed: 10,
      });
      expect(cancel).toHaveBeenCalledTimes(1);
    }
    for (const source of [new Uint8Array(11), new Blob([new Uint8Array(11)])]) {
      expect(await rejection(fetchModule(source, bounds))).toMatchObject({ limit: "moduleBytes" });
    }
  });

  test("rejects a response with an error status", async () => {
    const { response, cancel } = stalling([3], { status: 404 });
    const missing = await rejection(fetchModule(response, bounds));
    expect(missing).toBeInstanceOf(PluginLoadError);
    expect((missing as Error).message).toBe('Cannot fetch plugin "p" from its source: status 404');
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  test("rejects a body that was read, that another reader holds, or that has no bytes", async () => {
    const read = new Response(MODULE);
    await read.arrayBuffer();
    const locked = stalling().response;
    locked.body?.getReader();
    const words = new ReadableStream({
      start(controller) {
        controller.enqueue(MODULE);
        controller.enqueue("words");
      },
    });
    const messages = [];
    for (const response of [read, locked, new Response(words)]) {
      const error = await rejection(fetchModule(response, bounds));
      expect(error).toBeInstanceOf(PluginLoadError);
      messages.push((error as Error).message);
    }
    expect(messages[0]).toBe(
      'Cannot fetch plugin "p" from its source: the body of the response was already read',
    );
    expect(messages[1]).toMatch(/locked/);
    expect(messages[2]).toMatch(/string/);
  });

  test("names what it found instead of a module, and where", async () => {
    const page = "<!DOCTYPE html><html></html>";
    const address = `data:text/html,${encodeURIComponent(page)}`;
    const sources = [
      address,
      new File([page], "p.wasm"),
      new Blob([page]),
      new Response(page),
      new TextEncoder().encode(page),
      new Response(),
      new Uint8Array(),
    ];
    const messages = [];
    for (const source of sources) {
      const error = await rejection(fetchModule(source, { ...bounds, moduleBytes: 100 }));
      expect(error).toBeInstanceOf(PluginLoadError);
      messages.push((error as Error).message);
    }
    const found = (source: string, is: string) =>
      `Cannot load plugin "p": ${source} is ${is}, not a WebAssembly module`;
    expect(messages).toEqual([
      found(`"${address}"`, "an HTML page"),
      found('"p.wasm"', "an HTML page"),
      ...Array.from({ length: 3 }, () => found("its source", "an HTML page")),
      ...Array.from({ length: 2 }, () => found("its source", "empty")),
    ]);
  });
});

describe("settleSource", () => {
  test("resolves to the value of a promise or another thenable", async () => {
    const thenable = {
      // oxlint-disable-next-line unicorn/no-thenable -- that is what is tested
      then: (onFulfilled: (source: string) => void) => onFulfilled("/p.wasm"),
    } as PromiseLike<string>;
    for (const promise of [Promise.resolve("/p.wasm"), thenable]) {
      expect(await settleSource(promise, bounds)).toBe("/p.wasm");
    }
  });

  test("rejects when the promise rejects, resolves to something else, stalls or is aborted", async () => {
    const never = new Promise<never>(() => {});
    const cause = new Error("offline");
    expect(await rejection(settleSource(Promise.reject(cause), bounds))).toMatchObject({
      name: "PluginLoadError",
      message: 'Cannot load plugin "p": the promise of its module was rejected (offline)',
      cause,
    });
    const wrong = Promise.resolve(5 as unknown as string);
    expect(await rejection(settleSource(wrong, bounds))).toBeInstanceOf(TypeError);
    const late = await rejection(settleSource(never, { ...bounds, fetchMs: 20 }));
    expect(late).toMatchObject({ limit: "fetchMs", allowed: 20 });
    const signal = AbortSignal.abort("enough");
    expect(await rejection(settleSource(never, { ...bounds, signal }))).toBe("enough");
  });
});
