import { readFile } from "node:fs/promises";
import {
  expect,
  ISOLATED,
  openHarness,
  openHarnessUnder,
  PLAIN,
  PLAYWRIGHT,
  test,
} from "./harness/test.ts";

test("an isolated page has all that plugins make use of", async ({ harnessAt, platform }) => {
  const harness = await harnessAt(ISOLATED);
  const diagnosis = await harness.evaluate(() => window.cloche.doctor({ isolation: "worker" }));
  const isWebKit = platform === "webkit";
  expect(diagnosis).toMatchObject(
    isWebKit
      ? { canLoad: true, interruption: "fuel", lane: "messages", blocking: "shared-memory" }
      : { canLoad: true, interruption: "epoch", lane: "shared-memory", blocking: "jspi" },
  );
  const lacks = diagnosis.findings.filter(({ isThere }) => !isThere).map(({ name }) => name);
  expect(lacks).toEqual(isWebKit ? ["JSPI", "multiple memories", "lasting files"] : []);
});

test("a page without isolation hears of the headers", async ({ harnessAt, platform }) => {
  const harness = await harnessAt(PLAIN);
  const diagnosis = await harness.evaluate(() => window.cloche.doctor({ isolation: "worker" }));
  expect(diagnosis).toMatchObject({ canLoad: true, interruption: "fuel", lane: "messages" });
  expect(diagnosis.text).toContain("no   shared memory: the page is not cross-origin isolated");
  expect(diagnosis.text).toContain("Cross-Origin-Embedder-Policy: require-corp");
  const isWebKit = platform === "webkit";
  const documented = await readFile("docs/doctor.md", "utf8");
  expect(documented.includes(diagnosis.text)).toBe(!isWebKit);
  expect(diagnosis.blocking).toBe(isWebKit ? undefined : "jspi");
  const host = diagnosis.findings.find(({ name }) => name === "host functions");
  expect(host?.remedy ?? "none").toMatch(isWebKit ? /^send the headers Cross-Origin-/ : "none");
});

test("an isolated page of a browser that hides shared memory goes without", async ({ tab }) => {
  await openHarness(tab, ISOLATED);
  const { lane, interruption, text, doubled } = await tab.evaluate(async () => {
    const { doctor, loadPlugin, t } = window.cloche;
    Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
    const plugin = await loadPlugin("/plugins/double.wasm", { isolation: "worker" });
    const doubled = await plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([21]);
    return { ...(await doctor({ isolation: "worker" })), doubled };
  });
  expect([lane, interruption, doubled]).toEqual(["messages", "fuel", [42]]);
  expect(text).toContain(
    "no   shared memory: this browser hides SharedArrayBuffer even from an isolated page",
  );
});

test("a strictly isolated plugin has no shared memory, whatever the page", async ({
  harnessAt,
}) => {
  const harness = await harnessAt(ISOLATED);
  const diagnosis = await harness.evaluate(() => window.cloche.doctor({ isolation: "strict" }));
  expect(diagnosis).toMatchObject({ canLoad: true, interruption: "fuel", lane: "messages" });
});

test("a policy that forbids workers is told, with the line to add", PLAYWRIGHT, async ({ tab }) => {
  await openHarnessUnder(tab, "worker-src 'none'");
  const { canLoad, interruption, text } = await tab.evaluate(() =>
    window.cloche.doctor({ isolation: "worker" }),
  );
  expect([canLoad, interruption]).toEqual([false, undefined]);
  expect(text).toContain("allow blob: in worker-src");
});

test(
  "a policy that forbids WebAssembly is told, with the line to add",
  PLAYWRIGHT,
  async ({ tab }) => {
    await openHarnessUnder(tab, "script-src 'self'; worker-src blob:");
    const { canLoad, text } = await tab.evaluate(() =>
      window.cloche.doctor({ isolation: "worker" }),
    );
    expect(canLoad).toBe(false);
    expect(text).toContain(
      "Cannot compile plugin \"doctor\": a Content-Security-Policy forbids WebAssembly (allow 'wasm-unsafe-eval' in script-src)",
    );
  },
);

test("a wrong option is a TypeError", async ({ harness }) => {
  const message = await harness.evaluate(async () => {
    const { message } = await window.rejection(
      window.cloche.doctor({ isolation: "none" as never }),
    );
    return message;
  });
  expect(message).toContain("Invalid options.isolation");
});
