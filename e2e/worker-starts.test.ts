import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { libraryScript } from "./harness/library-script.ts";
import { expect, ISOLATED, openHarnessUnder, PLAIN, test } from "./harness/test.ts";

/** What an error says whose worker did not start. */
const cannotStart = (reason: string) =>
  `Cannot start the worker of plugin "double": ${reason}; doctor() says what this page allows and lacks`;

test.describe("a page that requires Trusted Types", () => {
  const REQUIRED = "require-trusted-types-for 'script'";

  test("runs plugins where it allows the policy cloche, in both isolations", async ({
    tab: page,
  }) => {
    for (const policy of [REQUIRED, `${REQUIRED}; trusted-types cloche`]) {
      await openHarnessUnder(page, policy);
      const answers = await page.evaluate(async () => {
        const { loadPlugin, t } = window.cloche;
        const answers = [];
        for (const isolation of ["worker", "strict", "worker"] as const) {
          const plugin = await loadPlugin("/plugins/double.wasm", { isolation });
          answers.push(await plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([21]));
        }
        return answers;
      });
      expect(answers).toEqual([[42], [42], [42]]);
    }
  });

  test("without the policy gets an error that names it and the option worker", async ({
    tab: page,
  }) => {
    await openHarnessUnder(page, `${REQUIRED}; trusted-types own`);
    const { messages, doubled } = await page.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const address = "/plugins/double.wasm";
      const loads = [
        loadPlugin(address),
        loadPlugin(address, { isolation: "strict" }),
        loadPlugin(address, { worker: window.workerAddress }),
      ];
      const messages = [];
      for (const load of loads) messages.push((await window.rejection(load)).message);
      interface Policies {
        createPolicy(name: string, rules: unknown): { createScriptURL(url: string): string };
      }
      const { trustedTypes } = window as unknown as { trustedTypes: Policies };
      const policy = trustedTypes.createPolicy("own", { createScriptURL: (url: string) => url });
      const worker = () => new Worker(policy.createScriptURL(window.workerAddress));
      const plugin = await loadPlugin(address, { worker });
      const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
      return { messages, doubled: await double([21]) };
    });
    const allow = cannotStart(
      "the page requires Trusted Types (allow the policy name: trusted-types cloche)",
    );
    expect(messages).toEqual([
      allow,
      allow,
      cannotStart(
        "the page requires Trusted Types (pass worker: () => new Worker(policy.createScriptURL(address)))",
      ),
    ]);
    expect(doubled).toEqual([42]);
  });
});

test("a worker whose script does not start is reported with the reason", async ({ tab: page }) => {
  await openHarnessUnder(page, "script-src 'self' 'unsafe-inline'; worker-src 'self' data:");
  const other = new URL("/worker.js", ISOLATED).href;
  const throwing = 'data:text/javascript,throw new RangeError("no luck")';
  const addresses = [other, "/missing.js", throwing];
  const messages = await page.evaluate(async (addresses) => {
    const blob = URL.createObjectURL(new Blob(["0"], { type: "text/javascript" }));
    const messages = [];
    for (const worker of [...addresses, blob, () => 5 as unknown as Worker]) {
      const load = window.cloche.loadPlugin("/plugins/double.wasm", { worker });
      messages.push((await window.rejection(load)).message);
    }
    return messages;
  }, addresses);
  const [ofOther, missing, thrown, forbidden, ofFunction] = messages;
  expect(ofOther).toBe(
    cannotStart(
      `script "${other}" is of another origin, which browsers refuse (serve it from ${new URL(PLAIN).origin})`,
    ),
  );
  // The harness answers with its own page, which Chromium takes for a script with an error.
  expect(missing).toContain('Cannot start the worker of plugin "double": ');
  expect(missing).not.toContain("Content-Security-Policy forbids");
  expect(thrown).toMatch(/RangeError: no luck; doctor\(\) says/);
  expect(forbidden).toBe(
    cannotStart(
      "the page's Content-Security-Policy forbids it (allow the script's address in worker-src)",
    ),
  );
  expect(ofFunction).toBe(cannotStart("its function returned number 5, not a Worker"));
});

test.describe("where no worker can be started", () => {
  let server: Server;
  let address: string;

  test.beforeAll(async () => {
    const script = `${await libraryScript()}
      const tell = async (port) => {
        const source = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
        const outcome = cloche.loadPlugin(source, { name: "double" }).then(() => "", (error) => error);
        port.postMessage(String(await outcome));
      };
      addEventListener("connect", ({ ports }) => tell(ports[0]));
      addEventListener("message", ({ ports }) => tell(ports[0]));`;
    server = createServer(({ url }, response) => {
      const isScript = url === "/script.js";
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      response.end(isScript ? script : "<!doctype html>");
    });
    await new Promise<void>((resolve) => void server.listen(0, "localhost", resolve));
    address = `http://localhost:${(server.address() as AddressInfo).port}/`;
  });

  test.afterAll(() => void server.close());

  test("a service worker gets an error that says so", async ({ page }) => {
    await page.goto(address);
    const message = await page.evaluate(async () => {
      await navigator.serviceWorker.register("/script.js");
      const { active } = await navigator.serviceWorker.ready;
      const { port1, port2 } = new MessageChannel();
      active?.postMessage("load", [port2]);
      return new Promise((resolve) => {
        port1.addEventListener("message", ({ data }) => resolve(data));
        port1.start();
      });
    });
    expect(message).toBe(
      `PluginLoadError: ${cannotStart("a service worker cannot start workers")}`,
    );
  });

  test("a shared worker gets an error that says so, if its browser has no workers there", async ({
    page,
    browserName,
  }) => {
    await page.goto(address);
    const message = await page.evaluate(() => {
      const { port } = new SharedWorker("/script.js");
      return new Promise((resolve) => {
        port.addEventListener("message", ({ data }) => resolve(data));
        port.start();
      });
    });
    expect(message).toMatch(
      browserName === "chromium"
        ? /^PluginLoadError: Cannot start the worker of plugin "double": a shared worker of this browser cannot start workers;/
        : /^PluginLinkError: /,
    );
  });
});
