import { expect, openHarnessUnder, test } from "./harness/test.ts";

/** A policy that lets no blob be a worker. */
const NO_BLOBS = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";

test.describe("loadPlugin rejects", () => {
  test("an HTML page that the server answers with", async ({ harness }) => {
    const { name, message } = await harness.evaluate(() =>
      window.rejection(
        window.cloche.loadPlugin("/plugins/missing/plugin.wasm", { name: "absent" }),
      ),
    );
    expect(name).toBe("PluginLoadError");
    expect(message).toBe(
      'Cannot load plugin "absent": "/plugins/missing/plugin.wasm" is an HTML page, not a WebAssembly module',
    );
  });

  test("malformed bytes, with the engine's reason", async ({ harness }) => {
    const { name, message } = await harness.evaluate(() =>
      window.rejection(window.cloche.loadPlugin(new Uint8Array([0, 97, 115, 109, 9, 9, 9, 9]))),
    );
    expect(name).toBe("PluginLoadError");
    expect(message).toMatch(/^Cannot compile plugin "plugin": ./);
  });

  test("a module of limits.moduleBytes plus one", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, PluginLimitError } = window.cloche;
      const response = await fetch("/plugins/double.wasm");
      const { byteLength } = await response.arrayBuffer();
      const sources = ["/plugins/double.wasm", new Uint8Array(byteLength)];
      const refused = [];
      for (const source of sources) {
        const limits = { moduleBytes: byteLength - 1 };
        const { error } = await window.rejection(loadPlugin(source, { limits }));
        refused.push(error instanceof PluginLimitError && error.limit);
      }
      const fits = await loadPlugin("/plugins/double.wasm", {
        limits: { moduleBytes: byteLength },
      });
      return [refused, fits.name];
    });
    expect(answer).toEqual([["moduleBytes", "moduleBytes"], "double"]);
  });

  test("a module with a missing host function, and names it", async ({ harness }) => {
    const { name, message } = await harness.evaluate(() =>
      window.rejection(window.cloche.loadPlugin("/plugins/everything.wasm")),
    );
    expect(name).toBe("PluginLinkError");
    expect(message).toContain(
      'import "env.__run" has no host function (hostFunctions lacks "run")',
    );
  });

  test("on a page whose policy forbids blob workers, and names the directive", async ({
    tab: page,
  }) => {
    await openHarnessUnder(page, NO_BLOBS);
    const { name, message } = await page.evaluate(() =>
      window.rejection(window.cloche.loadPlugin("/plugins/double.wasm")),
    );
    expect(name).toBe("PluginLoadError");
    expect(message).toBe(
      'Cannot start the worker of plugin "double": the page\'s Content-Security-Policy forbids it (allow blob: in worker-src); doctor() says what this page allows and lacks',
    );
  });

  test("with the signal's reason when loading is aborted", async ({ harness }) => {
    const { message } = await harness.evaluate(() => {
      const controller = new AbortController();
      const loading = window.cloche.loadPlugin("/plugins/double.wasm", {
        signal: controller.signal,
      });
      controller.abort("changed my mind");
      return window.rejection(loading);
    });
    expect(message).toBe("changed my mind");
  });

  test("a response that stalls, after limits.fetchMs or when the signal aborts", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, PluginLimitError } = window.cloche;
      let cancelled = 0;
      const stalling = () => new Response(new ReadableStream({ cancel: () => void cancelled++ }));
      const late = await window.rejection(loadPlugin(stalling(), { limits: { fetchMs: 50 } }));
      const signal = AbortSignal.timeout(50);
      const aborted = await window.rejection(loadPlugin(stalling(), { signal }));
      const isLimit = late.error instanceof PluginLimitError && late.error.limit;
      return [isLimit, aborted.error === signal.reason || aborted.message, cancelled];
    });
    expect(answer[0]).toBe("fetchMs");
    expect(answer[2]).toBe(2);
    await expect.poll(() => harness.workers().length).toBe(0);
  });

  test("when its worker does not start, before the module has arrived", async ({ harness }) => {
    const { name, message } = await harness.evaluate(() => {
      const source = new Response(new ReadableStream());
      return window.rejection(window.cloche.loadPlugin(source, { worker: "/missing.js" }));
    });
    expect(name).toBe("PluginLoadError");
    expect(message).toContain('Cannot start the worker of plugin "plugin"');
  });

  test("an invalid option before any worker starts", async ({ harness }) => {
    const messages = await harness.evaluate(async () => {
      const { loadPlugin, runCommand } = window.cloche;
      const address = "/plugins/double.wasm";
      const ends = [
        loadPlugin(address, { isolation: "Strict" as "strict" }),
        loadPlugin(address, { args: "ls -l" as never }),
        loadPlugin(address, { hostFunctions: { run: 5 as never } }),
        loadPlugin(address, { preopens: {} } as object),
        runCommand("/plugins/tool.wasm", { timeoutMs: NaN }),
      ];
      const errors = await Promise.all(ends.map(window.rejection));
      return errors.map(({ name, message }) => `${name}: ${message}`);
    });
    expect(messages).toEqual([
      'TypeError: Invalid options.isolation: string "Strict" (must be one of "worker", "strict")',
      'TypeError: Invalid options.args: string "ls -l" (must be an array of strings)',
      'TypeError: Invalid options.hostFunctions["run"]: 5 (must be a function, or made by hostFunction())',
      'TypeError: Invalid options.preopens: renamed to "files"',
      "TypeError: Invalid options.timeoutMs: NaN (must be a number ≥ 0)",
    ]);
    expect(harness.workers()).toEqual([]);
  });
});

test.describe("a module source", () => {
  test("may be of any allowed kind, from this realm or an iframe", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const outcomes: string[] = [];
      for (const realm of [window, frame.contentWindow as Window & typeof globalThis]) {
        const address = new URL("/plugins/double.wasm", location.href).href;
        const get = () => realm.fetch(address);
        const bytes = await (await get()).arrayBuffer();
        const resizable = new realm.ArrayBuffer(bytes.byteLength, { maxByteLength: 1_000_000 });
        new realm.Uint8Array(resizable).set(new realm.Uint8Array(bytes));
        const sources = {
          URL: new realm.URL(address),
          Response: await get(),
          ArrayBuffer: bytes,
          "resizable ArrayBuffer": resizable,
          DataView: new realm.DataView(bytes),
          Blob: new realm.Blob([bytes]),
          File: new realm.File([bytes], "shell.wasm"),
          Module: await realm.WebAssembly.compile(bytes),
          Promise: get(),
        };
        for (const [kind, source] of Object.entries(sources)) {
          const plugin = await loadPlugin(source);
          const [doubled] = await plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([21]);
          outcomes.push(`${kind} ${plugin.name} ${String(doubled)} ${plugin.interruption}`);
          plugin.terminate();
        }
      }
      return outcomes;
    });
    const expected = [
      "URL double 42 epoch",
      "Response double 42 epoch",
      "ArrayBuffer plugin 42 epoch",
      "resizable ArrayBuffer plugin 42 epoch",
      "DataView plugin 42 epoch",
      "Blob plugin 42 epoch",
      "File shell 42 epoch",
      "Module plugin 42 terminate",
      "Promise double 42 epoch",
    ];
    expect(answer).toEqual([...expected, ...expected]);
  });

  test("of any other kind is a TypeError before any worker starts", async ({ harness }) => {
    const names = await harness.evaluate(async () => {
      const { loadPlugin, runCommand } = window.cloche;
      const detached = new ArrayBuffer(8);
      structuredClone(detached, { transfer: [detached] });
      const sources: unknown[] = [
        ...[undefined, null, 5, true, {}, [], () => {}, new SharedArrayBuffer(8), "http://"],
        ...[detached, document.body, new Request("/plugins/double.wasm")],
        Promise.resolve(undefined),
      ];
      const errors = [];
      for (const source of sources) {
        errors.push(await window.rejection(loadPlugin(source as string)));
        errors.push(await window.rejection(runCommand(source as string)));
      }
      return errors.map(({ name, message }) => `${name}: ${message}`);
    });
    for (const name of names) expect(name).toMatch(/^TypeError: Invalid module source: /);
    expect(harness.workers()).toEqual([]);
  });
});

test("a worker hosted by the page itself runs plugins where blobs are forbidden", async ({
  tab: page,
}) => {
  await openHarnessUnder(page, NO_BLOBS);
  const answer = await page.evaluate(async () => {
    const { loadPlugin, t } = window.cloche;
    const plugin = await loadPlugin("/plugins/double.wasm", { worker: window.workerAddress });
    return plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([21]);
  });
  expect(answer).toEqual([42]);
});

test("a worker of an opaque origin, from a data: address, runs plugins", async ({ harness }) => {
  const answer = await harness.evaluate(async () => {
    const { hostFunction, t } = window.cloche;
    const script = await (await fetch(window.workerAddress)).text();
    const worker = `data:text/javascript,${encodeURIComponent(script)}`;
    const run = hostFunction([t.string], t.bytes, (text) => new TextEncoder().encode(`${text}!`));
    const plugin = await window.loadEverything({ worker, hostFunctions: { run } });
    const called = await plugin.function("call_run", [t.string], t.bytes)("run");
    const spin = plugin.function("spin", [], t.unit).with({ timeoutMs: 100 });
    return [new TextDecoder().decode(called), (await window.rejection(spin())).name];
  });
  expect(answer).toEqual(["run!", "PluginTimeoutError"]);
});

test("loading does not count as requests in flight", async ({ harness }) => {
  const answer = await harness.evaluate(async () => {
    const { PluginLimitError, t } = window.cloche;
    const plugin = await window.loadEverything({ limits: { requestsInFlight: 1 } });
    const asked = plugin.files.exists("/");
    const { error } = await window.rejection(plugin.files.exists("/other"));
    const limit = error instanceof PluginLimitError && error.limit;
    return [await asked, limit, await plugin.function("count", [], t.u32)()];
  });
  expect(answer).toEqual([true, "requestsInFlight", 1]);
});
