import { describe, expect, test, vi } from "vitest";
import { PluginLimitError, PluginLoadError } from "../../errors.ts";
import { fetchModule } from "./module-source.ts";

const bounds = {
  pluginName: "p",
  moduleBytes: 10,
  fetchMs: 1000,
  signal: new AbortController().signal,
};

/** A response whose body gives these chunks and then nothing, not even its end, and which may not hear of a cancel. */
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

describe("a module's bytes", () => {
  test("come from a response in their order, as many as there may be", async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const value of [1, 2]) controller.enqueue(new Uint8Array(5).fill(value));
        controller.close();
      },
    });
    const bytes = await fetchModule(new Response(body), bounds);
    expect(bytes).toEqual(new Uint8Array([1, 1, 1, 1, 1, 2, 2, 2, 2, 2]));
    expect(await fetchModule(new Response(), bounds)).toEqual(new Uint8Array());
  });

  test("are waited for no longer than until the signal aborts, wherever they come from", async () => {
    for (const address of [false, true]) {
      const controller = new AbortController();
      const { response, cancel } = stalling([3]);
      // Of a connection, which hears of it itself.
      const source = address ? "data:application/wasm,x" : response;
      if (address) vi.stubGlobal("fetch", () => Promise.resolve(response));
      const reading = rejection(fetchModule(source, { ...bounds, signal: controller.signal }));
      await new Promise((resolve) => void setTimeout(resolve, 5));
      controller.abort("enough");
      expect([await reading, cancel.mock.calls.length]).toEqual(["enough", 1]);
      vi.unstubAllGlobals();
    }
  });

  test("are not read at all when the signal has aborted before", async () => {
    const { response, cancel } = stalling([3]);
    const signal = AbortSignal.abort("enough");
    expect(await rejection(fetchModule(response, { ...bounds, signal }))).toBe("enough");
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  test("that stop coming are a limit that is reached", async () => {
    const { response, cancel } = stalling([3]);
    const error = await rejection(fetchModule(response, { ...bounds, fetchMs: 20 }));
    expect(error).toBeInstanceOf(PluginLimitError);
    expect(error).toMatchObject({ limit: "fetchMs", value: 20, allowed: 20 });
    expect((error as Error).message).toBe(
      'Cannot fetch plugin "p": not there after 20 ms, expected it by then (limits.fetchMs)',
    );
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  test("that are too many are cut off, and nobody waits until their source has heard", async () => {
    const announced = stalling([], { headers: { "content-length": "11" } });
    const arrived = stalling([5, 6]);
    for (const { response, cancel } of [announced, arrived]) {
      const error = await rejection(fetchModule(response, bounds));
      expect(error).toMatchObject({ limit: "moduleBytes", value: 11, allowed: 10 });
      expect(cancel).toHaveBeenCalledTimes(1);
    }
  });

  test("are not those of an answer that is none, or that somebody else reads", async () => {
    const { response, cancel } = stalling([3], { status: 404 });
    const missing = await rejection(fetchModule(response, bounds));
    expect(missing).toBeInstanceOf(PluginLoadError);
    expect((missing as Error).message).toContain("status 404, expected 200");
    expect(cancel).toHaveBeenCalledTimes(1);
    const read = stalling().response;
    read.body?.getReader();
    expect(await rejection(fetchModule(read, bounds))).toBeInstanceOf(PluginLoadError);
  });
});
