// Uses plugins for a long time in one page, and looks at what they leave behind: workers, memories on
// the page, objects on the heaps of page and workers, memory of the renderers. A phase of 0 is left out.
// Prints how each grows, and fails where one does.
//
//   npm run soak -- [--calls 100000] [--large-calls 100000] [--interrupts 10000] [--kills 1000] [--overflows 1000] [--samples 20]
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { preview } from "vite";
import { findBrowser } from "./browsers.mjs";

process.chdir(resolve(import.meta.dirname, ".."));
const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "100000" },
    "large-calls": { type: "string", default: "100000" },
    interrupts: { type: "string", default: "10000" },
    kills: { type: "string", default: "1000" },
    overflows: { type: "string", default: "1000" },
    samples: { type: "string", default: "20" },
  },
});
/** A line through fewer points tells nothing. */
const FEWEST_SAMPLES = 3;
const samples = numberFrom("samples", FEWEST_SAMPLES);

/**
 * Of the samples of a phase the first part is not looked at: caches fill, code is compiled. Heaps go up
 * by 200 KB while the first six hundred or so plugins are loaded and killed, and no further in 3,000.
 */
const WARM_UP = 0.5;

/**
 * How much higher the line through a phase's samples may end than it begins. From one sample to the next
 * heaps go up and down by some 100 KB and renderers by some 4 MB, with what the garbage collector leaves,
 * so it is twice that: some 450 bytes of objects for each of a thousand kills, of which the second half is
 * looked at, and 18 KB of a renderer, less than a page of Wasm memory. Fewer operations are held less tightly.
 */
const ALLOWED = { workers: 0, "heaps, bytes": 200_000, "renderer, bytes": 8_000_000 };

/** Memories on the page's heap at a phase's end: the one with the flags. */
const MOST_MEMORIES = 1;

/** What each phase does, in the page, `count` times; `window.soak` keeps what it needs. */
const PHASES = {
  calls: async (count) => {
    const { t } = window.cloche;
    window.soak ??= { plugin: await window.cloche.loadPlugin("/plugins/double.wasm") };
    const { plugin } = window.soak;
    const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
    for (let done = 0; done < count; done += 100) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, index) => double([done, index])),
      );
      if (answers.some((answer, index) => answer[1] !== index * 2))
        throw new Error("a wrong answer");
    }
  },
  "large-calls": async (count) => {
    const { loadPlugin, t } = window.cloche;
    // Each sample is taken after the end of a plugin, which keeps no memory for calls then.
    const plugin = await loadPlugin("/plugins/double.wasm");
    const double = plugin.function("double", [t.f64Array], t.f64Array);
    const [numbers, out] = [new Float64Array(50_000).fill(3), new Float64Array(50_000)];
    for (let done = 0; done < count; done++) {
      const given = numbers.slice(0, [1, 100, 2000, 10_000, 50_000][done % 5]);
      const { length } = given;
      const options = [{}, { out }, { transfer: true }][done % 3];
      const answer = await double.with(options)(given);
      if (answer.length !== length || answer.at(-1) !== 6) throw new Error("a wrong answer");
    }
    await plugin.close();
  },
  interrupts: async (count) => {
    const { loadPlugin, PluginTimeoutError, t } = window.cloche;
    window.soak ??= { plugin: await loadPlugin("/plugins/everything.wasm", everything()) };
    const { plugin } = window.soak;
    const spin = plugin.function("spin", [], t.unit).with({ timeoutMs: 1 });
    const echo = plugin.function("echo_u32", [t.u32], t.u32);
    for (let done = 0; done < count; done += 1) {
      const error = await spin().catch((error) => error);
      if (!(error instanceof PluginTimeoutError)) throw error;
      if ((await echo(done)) !== done) throw new Error("a wrong answer");
    }
    function everything() {
      const { hostFunction } = window.cloche;
      const hostFunctions = {
        run: hostFunction([t.string], t.bytes, () => new Uint8Array()),
        add: hostFunction([t.i32, t.i32], t.i32, (a, b) => a + b),
        note: hostFunction([], t.unit, () => {}),
      };
      return { restart: true, hostFunctions };
    }
  },
  kills: async (count) => {
    const { loadPlugin, t } = window.cloche;
    // Fetched once: the DevTools protocol, where somebody listens to it as Playwright does, keeps the
    // bodies of what a page fetches (to 100 MB), some 80 KB of a renderer's memory for each `fetch` of
    // this module, with or without Cloche.
    window.soak ??= await fetch("/plugins/double.wasm").then((response) => response.arrayBuffer());
    for (let done = 0; done < count; done += 1) {
      const plugin = await loadPlugin(new Response(window.soak));
      const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
      if ((await double([done]))[0] !== done * 2) throw new Error("a wrong answer");
      plugin.terminate("soak");
    }
  },
  overflows: async (count) => {
    const { PluginTrapError, t } = window.cloche;
    for (let done = 0; done < count; done += 1) {
      const plugin = await window.loadEverything();
      const error = await plugin
        .function("overflow_stack", [], t.u64)()
        .catch((error) => error);
      if (!(error instanceof PluginTrapError)) throw error;
    }
  },
};

const counts = Object.keys(PHASES).map((phase) => [phase, numberFrom(phase, 0)]);
for (const [phase, count] of counts) {
  // Fewer operations would be as few samples.
  if (count > 0) numberFrom(phase, FEWEST_SAMPLES);
}

execFileSync("npm", ["run", "build"], { stdio: "inherit" });
const harness = "e2e/harness/vite.config.ts";
execFileSync("npx", ["vite", "build", "--config", harness, "--logLevel", "error"], {
  stdio: "inherit",
});
const server = await preview({ configFile: harness, preview: { port: 0 }, logLevel: "error" });
const browser = await chromium.launch(findBrowser("chromium") ?? {});
const grown = [];
try {
  for (const [phase, count] of counts) {
    const rows = await run(phase, count);
    grown.push(...report(phase, rows));
  }
} finally {
  await browser.close();
  await server.close();
}
console.log(grown.length === 0 ? "\nNothing grows." : `\nGrows: ${grown.join("; ")}`);
process.exit(grown.length === 0 ? 0 : 1);

/** A number of the command line. */
function numberFrom(name, least) {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least) return value;
  throw new TypeError(`Cannot soak: --${name} ${values[name]}, expected an integer from ${least}`);
}

/** Runs a phase in a page of its own. Returns samples: how many operations were done, and what there is. */
async function run(phase, count) {
  const page = await browser.newPage();
  const address = server.resolvedUrls?.local[0];
  await page.goto(String(address));
  await page.waitForFunction(() => "cloche" in window);
  const rows = [];
  const each = Math.ceil(count / samples);
  for (let done = 0; done < count; done += each) {
    await page.evaluate(PHASES[phase], each);
    rows.push({ done: done + each, ...(await sample(page)) });
    console.log(phase, JSON.stringify(rows.at(-1)));
  }
  const memories = await memoriesOf(page);
  await page.close();
  return { rows, memories };
}

/**
 * Memories on the page's heap; what workers hold is gone with them, or in the renderer's bytes. Asked
 * once and at the end, so that the debugger that it takes is not there while the rest is measured.
 */
async function memoriesOf(page) {
  const devTools = await page.context().newCDPSession(page);
  const { result: prototype } = await devTools.send("Runtime.evaluate", {
    expression: "WebAssembly.Memory.prototype",
  });
  const { objects } = await devTools.send("Runtime.queryObjects", {
    prototypeObjectId: prototype.objectId,
  });
  const { result: length } = await devTools.send("Runtime.callFunctionOn", {
    objectId: objects.objectId,
    functionDeclaration: "function () { return this.length; }",
  });
  return length.value;
}

async function sample(page) {
  // What was terminated may take a moment to be gone.
  await page.waitForTimeout(500);
  // Collects garbage in the page's and in the workers' heaps, and tells what is left in all of them.
  const { bytes } = await page.evaluate(() => performance.measureUserAgentSpecificMemory());
  return {
    workers: page.workers().length,
    "heaps, bytes": bytes,
    "renderer, bytes": await rendererBytes(),
  };
}

/** Private memory of the renderers together; 0 where the system does not tell. */
async function rendererBytes() {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo
    .filter(({ type }) => type === "renderer")
    .reduce((sum, { id }) => sum + anonymousBytes(id), 0);
}

function anonymousBytes(pid) {
  try {
    const [, kilobytes] =
      /RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Prints how much each figure grows. Returns those that grow more than they may. */
function report(phase, { rows, memories }) {
  if (rows.length === 0) return [];
  const looked = rows.slice(Math.floor(rows.length * WARM_UP));
  const [first, last] = [looked[0].done, looked.at(-1).done];
  console.log(`\n${phase}: growth for each from ${first} to ${last}, and in all`);
  console.log(`  memories on the page at the end: ${memories}`);
  const tooMany =
    memories > MOST_MEMORIES ? [`${phase}: ${memories} memories, at most ${MOST_MEMORIES}`] : [];
  const grown = Object.entries(ALLOWED).flatMap(([figure, allowed]) => {
    const slope = slopeOf(looked.map((row) => [row.done, row[figure]]));
    const rise = slope * (last - first);
    console.log(
      `  ${figure.padEnd(18)} ${slope.toFixed(4).padStart(12)} ${rise.toFixed(0).padStart(12)}`,
    );
    return !(rise <= allowed)
      ? [`${phase}: ${figure}, ${rise.toFixed(0)} in all, at most ${allowed}`]
      : [];
  });
  return [...tooMany, ...grown];
}

/**
 * The slope of a line through points: the median over all pairs, which an outlier does not move.
 *
 * Source: Theil (1950), Sen (1968).
 */
function slopeOf(points) {
  const slopes = points.flatMap(([x, y], index) =>
    points.slice(index + 1).map(([x2, y2]) => (y2 - y) / (x2 - x)),
  );
  slopes.sort((a, b) => a - b);
  const middle = (slopes.length - 1) / 2;
  return (slopes[Math.floor(middle)] + slopes[Math.ceil(middle)]) / 2;
}
