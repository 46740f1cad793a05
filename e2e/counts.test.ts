/** What calls and loading cost in messages and bytes: counts, which no slow machine can blur. */

import { parseAst } from "vite";
import { expect, ISOLATED, PLAIN, test, WORKER_ONLY } from "./harness/test.ts";

/**
 * Each worker parses this script before it can listen, so each KB delays each load. Raise the bound
 * only for what a worker needs before its first call.
 */
const MAX_WORKER_BYTES = 126_000;

const PAGES = [
  { lane: "shared-memory", address: ISOLATED },
  { lane: "messages", address: PLAIN },
] as const;

/** In a script with any of them Firefox takes half as long again to read all of it. */
const SLOW_IN_CLASSES = new Set(["PropertyDefinition", "PrivateIdentifier", "StaticBlock"]);

test("the worker's script has at most 126,000 bytes, and no fields, private members or static blocks", async ({
  harness,
}) => {
  const script = await harness.evaluate(async () => (await fetch(window.workerAddress)).text());
  expect(Buffer.byteLength(script)).toBeLessThanOrEqual(MAX_WORKER_BYTES);
  const slow = nodesOf(parseAst(script)).filter(({ type }) => SLOW_IN_CLASSES.has(type));
  expect(slow).toEqual([]);
});

/** A node of a syntax tree and all nodes in it. */
function nodesOf(value: unknown): readonly { readonly type: string }[] {
  if (typeof value !== "object" || value === null) return [];
  const children = Object.values(value).flatMap(nodesOf);
  return "type" in value ? [value as { type: string }, ...children] : children;
}

for (const { lane, address } of PAGES) {
  test.describe(`with calls by ${lane}`, WORKER_ONLY, () => {
    test.use({ address });

    test("loading sends four messages, or three for a known module, and a call one", async ({
      harness,
    }) => {
      const sent = await harness.evaluate(async () => {
        const { loadPlugin, t } = window.cloche;
        const response = await fetch("/plugins/double.wasm");
        // Nobody has loaded this one before.
        const section = [0, 17, 0, ...crypto.getRandomValues(new Uint8Array(16))];
        const bytes = new Uint8Array([...new Uint8Array(await response.arrayBuffer()), ...section]);
        const loads = [];
        for (const module of [bytes.slice(), bytes.slice()]) {
          const watch = window.watchMessages();
          const plugin = await loadPlugin(module);
          const loading = watch.sent();
          await plugin.function("double", [t.f64Array], t.f64Array)(new Float64Array([1]));
          loads.push({ loading, calling: watch.sent() - loading });
          plugin.terminate();
        }
        return loads;
      });
      // Its lifeline, the module, the options and the start.
      expect(sent).toEqual([
        { loading: 4, calling: 1 },
        { loading: 3, calling: 1 },
      ]);
    });

    test("loading waits for no answer before it sends the last request", async ({ harness }) => {
      const sent = await harness.evaluate(async () => {
        const controller = new AbortController();
        const silent = () => new Worker(URL.createObjectURL(new Blob([""])));
        const watch = window.watchMessages();
        const loading = window.cloche.loadPlugin("/plugins/double.wasm", {
          worker: silent,
          signal: controller.signal,
        });
        while (watch.sent() < 4) await new Promise((resolve) => setTimeout(resolve, 10));
        controller.abort();
        await loading.catch(() => {});
        return watch.sent();
      });
      expect(sent).toBe(4);
    });

    test("1,000 calls of one task go in a message for 128 of them at most", async ({ harness }) => {
      const sent = await harness.evaluate(async () => {
        const { loadPlugin, t } = window.cloche;
        const plugin = await loadPlugin("/plugins/double.wasm");
        const double = plugin.function("double", [t.f64Array], t.f64Array);
        const one = new Float64Array([1]);
        await double(one);
        const watch = window.watchMessages();
        await Promise.all(Array.from({ length: 1000 }, () => double(one)));
        plugin.terminate();
        return watch.sent();
      });
      if (lane === "messages") expect(sent).toBe(8);
      else expect(sent).toBeLessThanOrEqual(1);
    });

    test(`a small call sends ${lane === "messages" ? "one message" : "none"}`, async ({
      harness,
    }) => {
      const sent = await harness.evaluate(async () => {
        const { loadPlugin, t } = window.cloche;
        const plugin = await loadPlugin("/plugins/double.wasm");
        const double = plugin.function("double", [t.f64Array], t.f64Array);
        const one = new Float64Array([1]);
        await double(one);
        // On a slow machine the worker may find no call for so long that it leaves the rings.
        const attempts = [];
        for (let attempt = 0; attempt < 10; attempt++) {
          const watch = window.watchMessages();
          for (let call = 0; call < 20; call++) await double(one);
          attempts.push(watch.sent());
        }
        plugin.terminate();
        return Math.min(...attempts);
      });
      expect(sent).toBe(lane === "messages" ? 20 : 0);
    });

    test("small calls ask no array for a buffer that it has not", async ({ harness }) => {
      const asked = await harness.evaluate(async () => {
        const { loadPlugin, t } = window.cloche;
        const plugin = await loadPlugin("/plugins/double.wasm");
        const double = plugin.function("double", [t.f64Array], t.f64Array);
        const one = new Float64Array([1]);
        await double(one);
        const typedArrays = Object.getPrototypeOf(Uint8Array.prototype) as object;
        const property = Object.getOwnPropertyDescriptor(typedArrays, "buffer");
        let count = 0;
        Object.defineProperty(typedArrays, "buffer", {
          get() {
            count += 1;
            return property?.get?.call(this) as ArrayBuffer;
          },
        });
        for (let call = 0; call < 20; call++) await double(one);
        plugin.terminate();
        return count;
      });
      // Frames come with theirs, and are looked at four times; fences are asked for their own now and then.
      if (lane === "messages") expect(asked).toBeLessThanOrEqual(80);
      else expect(asked).toBeLessThan(20);
    });
  });
}
