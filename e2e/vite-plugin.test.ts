/** Plugins in a project of Vite: on its development server while their sources change, and built. */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cloche } from "@cloche/vite";
import { expect, type Page, test } from "@playwright/test";
import type { GuestFunction, Plugin } from "cloche";
import * as vite from "vite";
import { ROOT } from "./examples/examples.ts";
import { ALLOC, FREE, guest, MEMORY, schemaSection } from "./harness/hand-made-guest.ts";
import { ANY_BROWSER } from "./harness/test.ts";

declare global {
  interface Window {
    /** What the page of the project has. */
    live: {
      readonly plugin: Plugin;
      readonly scale: GuestFunction<[number], number>;
      /** How often the plugin has waited for `answer`. */
      waits: number;
      /** How often a module was replaced. */
      updates: number;
      answer?: Promise<void>;
    };
  }
}

const PAGE = `
  import scale from "./scale.wasm?plugin";

  const live = { waits: 0, updates: 0 };
  live.plugin = await scale({
    files: { "start.txt": "start" },
    hostFunctions: {
      wait: () => {
        live.waits += 1;
        return live.answer;
      },
    },
  });
  live.scale = live.plugin.api.scale;
  import.meta.hot?.on("vite:afterUpdate", () => (live.updates += 1));
  window.live = live;
`;

/** Calls a plugin all the time, and shows what it answers. */
const SOURCES = `
  import twice from "./twice.plugin.ts?plugin";

  const plugin = await twice();
  setInterval(async () => {
    document.querySelector("output").textContent = await plugin.api.twice(21);
  }, 50);
`;

let project: string;
let server: vite.ViteDevServer;

/** A plugin that waits for the page, then multiplies. */
function scaling(factor: number): Uint8Array {
  const module = guest(
    '(import "env" "__wait" (func $wait (param i64) (result i64)))',
    MEMORY,
    ALLOC,
    FREE,
    `(func (export "__scale") (param $x i64) (result i64)
      (local $at i32)
      (local.set $at (i32.wrap_i64 (i64.shr_u (local.get $x) (i64.const 32))))
      (drop (call $wait (i64.const 0)))
      (f64.store (local.get $at) (f64.mul (f64.load (local.get $at)) (f64.const ${factor})))
      (local.get $x))`,
  );
  return new Uint8Array([
    ...module,
    ...schemaSection("fn scale(x: f64) -> f64; import fn wait();"),
  ]);
}

/** The source of a plugin with this result. */
function multiplying(result: string): string {
  return `import { factor } from "./factor.ts";
export function twice(x: number): number {
  return ${result};
}`;
}

function write(file: string, content: string | Uint8Array): void {
  writeFileSync(join(project, file), content);
}

function config(): vite.InlineConfig {
  return {
    root: project,
    // Its own, since the tests of several browsers run at once.
    cacheDir: join(project, ".vite"),
    configFile: false,
    logLevel: "warn",
    base: "/below/",
    plugins: [cloche({ isolate: true })],
    server: { port: 0 },
    preview: { port: 0 },
  };
}

// oxlint-disable-next-line no-empty-pattern -- Playwright requires the pattern
test.beforeAll(async ({}, { project: { name } }) => {
  project = join(ROOT, "build", `vite-plugin-${name}`);
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project, { recursive: true });
  write("index.html", '<!doctype html><script type="module" src="main.js"></script>');
  write("main.js", PAGE);
  write("scale.wasm", scaling(2));
  write(
    "sources.html",
    '<!doctype html><output></output><script type="module" src="sources.js"></script>',
  );
  write("sources.js", SOURCES);
  write("factor.ts", "export const factor = 2;");
  write("twice.plugin.ts", multiplying("x * factor"));
  server = await vite.createServer(config());
  await server.listen();
});

test.afterAll(() => server.close());

async function open(page: Page, address: string | undefined): Promise<void> {
  await page.goto(address ?? "");
  await page.waitForFunction(() => window.live !== undefined);
}

const filesOf = (page: Page) =>
  page.evaluate(() => {
    const { files } = window.live.plugin;
    return Promise.all(["/start.txt", "/kept.txt", "/lib/a.txt"].map((at) => files.readText(at)));
  });

const scale = (page: Page, x: number) => page.evaluate((x) => window.live.scale(x), x);

test("a running plugin goes on with a new version of its module", async ({ page }) => {
  await open(page, server.resolvedUrls?.local[0]);
  expect(await scale(page, 21)).toBe(42);
  // A call that runs when the new version comes ends in the old one.
  const running = await page.evaluateHandle(async () => {
    const { live } = window;
    await live.plugin.files.write("/kept.txt", "kept");
    await live.plugin.mount("/lib", { "a.txt": "mounted" });
    const { promise, resolve } = Promise.withResolvers<void>();
    live.answer = promise;
    return { result: live.scale(1), resolve };
  });
  await page.waitForFunction(() => window.live.waits === 2);
  write("scale.wasm", scaling(3));
  await page.waitForFunction(() => window.live.updates === 1);
  const next = scale(page, 1);
  await running.evaluate(({ resolve }) => resolve());
  expect(await running.evaluate(({ result }) => result)).toBe(2);
  expect(await next).toBe(3);
  expect(await filesOf(page)).toEqual(["start", "kept", "mounted"]);

  // One that does not load leaves the running one as it is.
  const complaint = page.waitForEvent("console", (message) => message.type() === "error");
  write("scale.wasm", "no module");
  expect((await complaint).text()).toContain('Plugin "scale" keeps its last version');
  expect(await scale(page, 1)).toBe(3);
  expect(await filesOf(page)).toEqual(["start", "kept", "mounted"]);
  await expect.poll(() => page.workers().length).toBe(1);
  await page.evaluate(() => window.live.plugin.close());
  await expect.poll(() => page.workers().length).toBe(0);
});

test(
  "a source is compiled anew, and its mistakes are shown at their lines",
  ANY_BROWSER,
  async ({ page }) => {
    await page.goto(`${server.resolvedUrls?.local[0]}sources.html`);
    // The compiler takes a while on a busy machine.
    const patient = expect.configure({ timeout: 20_000 });
    await patient(page.locator("output")).toHaveText("42");
    const overlay = page.locator("vite-error-overlay");
    write("twice.plugin.ts", multiplying("x * * factor"));
    await patient(overlay.locator(".message-body")).toContainText("Unexpected token");
    await expect(overlay.locator(".file")).toContainText("twice.plugin.ts:3:13");
    write("twice.plugin.ts", multiplying("x * factor * 10"));
    await patient(page.locator("output")).toHaveText("420");
    await expect(overlay).toHaveCount(0);
    write("factor.ts", "export const factor = 3;");
    await patient(page.locator("output")).toHaveText("630");
  },
);

test("a built page loads its plugins from files with a hash in their names", async ({ page }) => {
  write("scale.wasm", scaling(5));
  await vite.build(config());
  const preview = await vite.preview(config());
  const loaded = page.waitForRequest(/\.wasm/);
  await open(page, preview.resolvedUrls?.local[0]);
  expect(new URL((await loaded).url()).pathname).toMatch(/^\/below\/assets\/scale-[\w-]{8}\.wasm$/);
  expect(await scale(page, 2)).toBe(10);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await preview.close();
});
