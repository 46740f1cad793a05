import type { CDPSession, Page } from "@playwright/test";
import { insideWorker } from "./harness/inside-worker.ts";
import { expect, openHarness, openHarnessUnder, PLAIN, test } from "./harness/test.ts";

test.describe("a script inside a strictly isolated worker", () => {
  test("has no network and no storage, even through APIs saved before the lock-down", async ({
    harness,
  }) => {
    const found = await insideWorker(harness, "cloche", async (_global, before) => {
      const { fetch, indexedDB, WebSocket, Worker, XMLHttpRequest } = before;
      const nested = `fetch("data:,").then(() => "loaded", (error) => error.name).then(postMessage)`;
      const uses: (() => unknown)[] = [
        () => fetch("data:,"),
        () => fetch("https://localhost/"),
        () =>
          new Promise((resolve) => {
            const request = new XMLHttpRequest();
            request.addEventListener("load", () => resolve("loaded"));
            request.addEventListener("error", () => resolve("TypeError"));
            request.open("GET", "data:,");
            request.send();
          }),
        () =>
          new Promise((resolve) => {
            const socket = new WebSocket("wss://localhost/");
            socket.addEventListener("open", () => resolve("open"));
            socket.addEventListener("error", () => resolve("TypeError"));
          }),
        () =>
          new Promise((resolve) => {
            const request = indexedDB.open("any");
            request.addEventListener("success", () => resolve("open"));
            request.addEventListener("error", () => resolve(request.error?.name));
          }),
        () =>
          new Promise((resolve) => {
            const worker = new Worker(`data:text/javascript,${encodeURIComponent(nested)}`);
            worker.addEventListener("message", ({ data }) => resolve(data));
          }),
      ];
      const outcomes = [];
      for (const use of uses) {
        try {
          outcomes.push(String(await use()));
        } catch (error) {
          outcomes.push((error as Error).name);
        }
      }
      return outcomes;
    });
    expect(found).toHaveLength(6);
    for (const outcome of found) expect(outcome).toMatch(/^(Type|Security)Error$|^NS_ERROR_/);
  });
});

test.describe("a strictly isolated plugin", () => {
  test("runs in a frame of an opaque origin that reaches neither the page nor other frames", async ({
    harness,
  }) => {
    await harness.evaluate(async () => {
      await Promise.all([1, 2].map(() => window.cloche.loadPlugin("/plugins/double.wasm")));
    });
    const fromPage = await harness.evaluate(() =>
      [...document.querySelectorAll("iframe")].map(({ contentDocument }) => contentDocument),
    );
    const [first] = framesOf(harness);
    const fromFrame = await first?.evaluate(() => {
      const names = [() => parent.document, () => parent.frames[1]?.document, () => localStorage];
      return [
        self.origin,
        ...names.map((name) => {
          try {
            return typeof name();
          } catch (error) {
            return (error as Error).name;
          }
        }),
      ];
    });
    expect(fromPage).toEqual([null, null]);
    expect(fromFrame).toEqual(["null", "SecurityError", "SecurityError", "SecurityError"]);
  });

  test("removes its frame, however it ends", async ({ harness }) => {
    const counts = await harness.evaluate(async () => {
      const { loadPlugin, runCommand, t } = window.cloche;
      const counts: number[] = [];
      const count = () => counts.push(document.querySelectorAll("iframe").length);
      const closed = await loadPlugin("/plugins/double.wasm");
      count();
      await closed.close();
      count();
      (await loadPlugin("/plugins/double.wasm")).terminate();
      count();
      const trapped = await window.loadEverything();
      await window.rejection(trapped.function("trap", [], t.unit)());
      await trapped.closed;
      count();
      await window.rejection(loadPlugin(new Uint8Array(8)));
      count();
      await window.rejection(
        loadPlugin("/plugins/double.wasm", { signal: AbortSignal.timeout(1) }),
      );
      count();
      await runCommand("/plugins/tool.wasm", { args: ["tool", "exit", "0"] });
      count();
      return counts;
    });
    expect(counts).toEqual([1, 0, 0, 0, 0, 0, 0]);
  });

  test("rejects each option that it cannot have", async ({ harness }) => {
    const messages = await harness.evaluate(async () => {
      const { loadPlugin, PluginLoadError } = window.cloche;
      const address = "/plugins/double.wasm";
      const module = await WebAssembly.compileStreaming(fetch(address));
      const loads = [
        loadPlugin(address, { worker: window.workerAddress }),
        loadPlugin(address, { blocking: "shared-memory" }),
        loadPlugin(address, { interruption: "epoch" }),
        loadPlugin(module),
      ];
      const errors = await Promise.all(loads.map(window.rejection));
      return errors.map(({ error, message }) => error instanceof PluginLoadError && message);
    });
    const label = /^Cannot load plugin "(double|plugin)" with isolation "strict": /;
    const found = messages.map((message) => String(message).replace(label, ""));
    expect(found).toEqual([
      "the option worker is a script of the page's origin (use wasi)",
      'blocking "shared-memory" needs shared memory (use "jspi" or "auto")',
      'interruption "epoch" needs shared memory (use "fuel" or "auto")',
      "a compiled module cannot leave its process (pass its address or bytes)",
    ]);
  });

  test("is closed with an error when the page removes its frame", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything();
      const sleeping = window.rejection(plugin.function("sleep_ms", [t.u64], t.unit)(60_000n));
      document.querySelector("iframe")?.remove();
      const reason = await plugin.closed;
      return [(await sleeping).name, reason.kind === "failed" && reason.error.message];
    });
    expect(answer).toEqual([
      "PluginClosedError",
      'Plugin "everything" is gone: its worker failed (its frame was removed or its process crashed)',
    ]);
  });

  test("reports the error that its worker's script throws", async ({ harness }) => {
    const { name, message } = await harness.evaluate(() => {
      const workerSource = 'throw new RangeError("no such luck")';
      return window.rejection(
        window.cloche.loadPlugin("/plugins/double.wasm", { wasi: { workerSource } }),
      );
    });
    expect(name).toBe("PluginLoadError");
    expect(message).toContain("no such luck");
  });

  test("says what the page's policy has to allow, and runs where it does", async ({ page }) => {
    await openHarnessUnder(page, "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'");
    const { name, message } = await page.evaluate(() =>
      window.rejection(window.cloche.loadPlugin("/plugins/double.wasm")),
    );
    expect(name).toBe("PluginLoadError");
    const [, hash, scheme] = /allow ('sha256-.*') in script-src and (blob:) in/.exec(message) ?? [];
    await openHarnessUnder(
      page,
      `script-src 'self' 'wasm-unsafe-eval' ${hash}; worker-src ${scheme}`,
    );
    const answer = await page.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/double.wasm");
      return plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([21]);
    });
    expect(answer).toEqual([42]);
  });

  test("can crash its process without the page, and the next one runs", async ({
    page,
    context,
    browserName,
  }) => {
    test.skip(browserName !== "chromium", "only Chromium gives such a frame a process");
    // Playwright takes a page for dead whose frame has crashed: what happens there is told elsewhere.
    const witness = await context.newPage();
    await openHarness(witness, PLAIN);
    const told = witness.evaluate(
      () =>
        new Promise((resolve) => {
          addEventListener("storage", ({ newValue }) => resolve(newValue));
        }),
    );
    await openHarness(page, PLAIN);
    await page.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await window.loadEverything();
      const spinning = window.rejection(plugin.function("spin", [], t.unit)());
      void plugin.closed.then(async () => {
        const next = await loadPlugin("/plugins/double.wasm");
        const doubled = await next.function("double", [t.vec(t.f64)], t.vec(t.f64))([21]);
        localStorage.setItem("told", `${(await spinning).name}, then ${String(doubled)}`);
      });
    });
    const [frame] = framesOf(page);
    if (frame === undefined) throw new Error("no frame");
    // Chromium lets one talk to a frame by itself only where it is in another process than its page.
    const session: CDPSession = await context.newCDPSession(frame);
    void session.send("Page.crash").catch(() => {});
    expect(await told).toBe("PluginClosedError, then 42");
  });
});

/** The frames of a page's plugins. */
function framesOf(page: Page): ReturnType<Page["frames"]> {
  return page.frames().slice(1);
}
