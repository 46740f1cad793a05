// A browser that checks modules, in a worker that is replaced when it hangs.
import { join } from "node:path";
import { chromium, firefox } from "@playwright/test";
import { build } from "esbuild";
import { findBrowser } from "../scripts/browsers.mjs";

const TYPES = { chromium, firefox };
const ADDRESS = "http://localhost/";

/** Longer than any check takes. Each run in it is bounded. */
const ANSWER_MS = 30_000;

/** The headers that make shared memory available. */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** @param {"chromium" | "firefox"} name */
export async function openEngine(name) {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "worker.ts")],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  const found = findBrowser(name);
  if (found === undefined) throw new Error(`Cannot fuzz: ${name} is missing`);
  const browser = await TYPES[name].launch(found);
  const page = await browser.newPage();
  await page.route(ADDRESS, (route) =>
    route.fulfill({ headers: HEADERS, contentType: "text/html", body: "<!doctype html>" }),
  );
  await page.goto(ADDRESS);
  await page.evaluate(installChecks, { source: outputFiles[0].text, answerMs: ANSWER_MS });
  return {
    version: browser.version(),
    /**
     * Checks modules, or scripts, one after the other.
     *
     * @param {readonly import("./worker.ts").Request[]} requests
     * @returns {Promise<import("./worker.ts").Answer[]>}
     */
    check: (requests) => page.evaluate((text) => globalThis.checkAll(text), encode(requests)),
    close: () => browser.close(),
  };
}

/** Encodes bytes as base64: arrays of numbers would be slow. */
function encode(requests) {
  return JSON.stringify(requests, (_, value) =>
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString("base64") } : value,
  );
}

/** Runs in the page. */
function installChecks({ source, answerMs }) {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const start = () => new Worker(url, { type: "module" });
  let worker = start();

  const answerTo = (request) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        worker.terminate();
        worker = start();
        resolve({ kind: "different", why: `no answer after ${answerMs} ms` });
      }, answerMs);
      const onAnswer = ({ data }) => {
        clearTimeout(timer);
        resolve(data);
      };
      worker.addEventListener("message", onAnswer, { once: true });
      worker.postMessage(request, []);
    });

  const revive = (_, value) =>
    typeof value?.base64 === "string"
      ? Uint8Array.from(atob(value.base64), (character) => character.charCodeAt(0))
      : value;

  globalThis.checkAll = async (text) => {
    const answers = [];
    for (const request of JSON.parse(text, revive)) answers.push(await answerTo(request));
    return answers;
  };
}
