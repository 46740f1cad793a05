// Tests the rewriter in a browser with modules from binaryen's fuzzer: each form must behave like the
// original module and interrupt endless code, and malformed modules must be rejected.
//
//   npm run fuzz -- [--modules <n>] [--seed <n>] [--first <n>] [--mutants <n>]
//     [--browser chromium|firefox] [--wasm-opt <command>] [--scripts <folder>] [--shrink]
//
// With --scripts it runs the *.wast files of a folder instead, such as WebAssembly's test suite, which
// Debian's source package of binaryen has in test/spec.
// A module that behaves differently is written to build/fuzz; --shrink reduces the first one, for up to
// five minutes. Exit codes: 0 no differences, 1 differences, 3 wasm-opt is missing.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openEngine } from "./engine.mjs";
import { Generator } from "./generate.mjs";
import { mutate } from "./mutate.mjs";
import { shrink } from "./shrink.mjs";
import { readScript } from "./wast.mjs";

const { values: options } = parseArgs({
  options: {
    modules: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    first: { type: "string", default: "0" },
    mutants: { type: "string", default: "4" },
    browser: { type: "string", default: "chromium" },
    "wasm-opt": { type: "string", default: nativeWasmOpt() },
    scripts: { type: "string" },
    shrink: { type: "boolean", default: false },
  },
});

/** The system's own: that of the npm package, which npm puts first, is Wasm itself and 15 times as slow. */
function nativeWasmOpt() {
  const system = "/usr/bin/wasm-opt";
  return existsSync(system) ? system : "wasm-opt";
}

const FAILURES = join(resolve(import.meta.dirname, ".."), "build/fuzz");
/** The exit code if a tool is missing, as in `build-guests.mjs`. */
const NO_TOOLCHAIN = 3;
/** Scripts in which modules share tables. A plugin is a single module. */
const LEFT_OUT = ["imports.wast", "linking.wast"];
/** The number of modules that are generated while others are checked. */
const BATCH = 32;
/** The number of failures after which the run stops. */
const ENOUGH_FAILURES = 10;

const seed = Number(options.seed);
const counts = new Map();
const failures = [];
const startMs = performance.now();
const engine = await openEngine(options.browser);
console.log(`${options.browser} ${engine.version}`);
try {
  await (options.scripts === undefined ? runGenerated() : runScripts(options.scripts));
  const [first] = failures;
  if (options.shrink && first?.file !== undefined) await shrinkFailure(first);
} finally {
  await engine.close();
}
for (const [what, times] of [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1)))
  console.log(`${String(times).padStart(8)} ${what}`);
console.log(`${((performance.now() - startMs) / 1000).toFixed(0)} s`);
const passed = ["compare: same", "script: same"].reduce(
  (sum, what) => sum + (counts.get(what) ?? 0),
  0,
);
console.log(`${passed} passed; ${failures.length} failed`);
process.exitCode ??= failures.length > 0 ? 1 : 0;

async function runGenerated() {
  const command = options["wasm-opt"].split(" ");
  const version = versionOf(command);
  if (version === undefined) {
    console.error(`Cannot generate modules: ${options["wasm-opt"]} is missing (install binaryen)`);
    process.exitCode = NO_TOOLCHAIN;
    return;
  }
  console.log(`binaryen ${version}, seed ${seed}`);
  const generator = new Generator({ command, version, seed });
  try {
    const first = Number(options.first);
    const end = first + Number(options.modules);
    const make = (from) => makeBatch(generator, from, Math.min(from + BATCH, end));
    let next = make(first);
    for (let index = first; index < end && failures.length < ENOUGH_FAILURES; index += BATCH) {
      const batch = await next;
      next = make(index + BATCH);
      const answers = await engine.check(batch);
      for (const [position, answer] of answers.entries()) take(batch[position], answer);
    }
    await next;
  } finally {
    generator.close();
  }
}

async function runScripts(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".wast"));
  for (const file of files.filter((name) => !LEFT_OUT.includes(name))) {
    const script = await readScript(readFileSync(join(folder, file), "utf8"));
    count("forms of scripts that were not read", script.unread);
    const [answer] = await engine.check([{ check: "script", script }]);
    take({ name: file, check: "script" }, answer);
  }
}

/** The checks of the modules from one index up to another. */
async function makeBatch(generator, from, end) {
  const indexes = Array.from({ length: Math.max(0, end - from) }, (_, at) => from + at);
  const checks = [];
  const makers = Array.from({ length: availableParallelism() }, async () => {
    for (let index = indexes.shift(); index !== undefined; index = indexes.shift()) {
      checks.push(...(await checksOf(generator, index)));
    }
  });
  await Promise.all(makers);
  return checks;
}

async function checksOf(generator, index) {
  const generated = await generator.module(index);
  if (generated === undefined) {
    count("not made");
    return [];
  }
  const { name, bytes, endless } = generated;
  return [
    { name, check: "compare", bytes },
    ...(endless === undefined
      ? []
      : [{ name: `${name}-endless`, check: "endless", bytes: endless }]),
    ...Array.from({ length: Number(options.mutants) }, (_, mutant) => {
      const mutated = mutate(bytes, seed, index, mutant);
      return { name: `${name}-mutant-${mutant}`, check: "mutant", bytes: mutated };
    }),
  ];
}

function take({ name, check, bytes }, answer) {
  const { kind, why, calls, traps } = answer;
  count(`${check}: ${kind}${kind === "refused" || kind === "incomparable" ? ` ${why}` : ""}`);
  if (kind === "same") {
    count(`${check}, calls`, calls);
    count(`${check}, traps among them`, traps);
  }
  if (kind !== "different") return;
  const file = bytes && join(FAILURES, `${name}.wasm`);
  if (file !== undefined) {
    mkdirSync(FAILURES, { recursive: true });
    writeFileSync(file, bytes);
  }
  failures.push({ check, file, why });
  console.error(`${name}: ${why}\n`);
}

async function shrinkFailure({ check, file, why }) {
  const answerTo = async (bytes) => (await engine.check([{ check, bytes }]))[0];
  // Names, numbers and values change while a module shrinks; the kind of difference does not.
  const wordsOf = (text) => text.replaceAll(/"[^"]*"|[^a-z ]/gi, "").slice(0, 30);
  const wanted = wordsOf(why);
  await shrink(file, async (bytes) => {
    const answer = await answerTo(bytes);
    return String(answer.kind === "different" && wordsOf(answer.why) === wanted);
  });
  const { why: shrunkWhy } = await answerTo(new Uint8Array(readFileSync(file)));
  console.error(`${file}, shrunk: ${shrunkWhy}\n`);
}

function count(what, times = 1) {
  counts.set(what, (counts.get(what) ?? 0) + times);
}

/** Binaryen's version, from `wasm-opt --version`. */
function versionOf([program, ...args]) {
  try {
    const output = execFileSync(program, [...args, "--version"], {
      encoding: "utf8",
      stdio: "pipe",
    });
    return Number(/version[ _](\d+)/.exec(output)?.[1]);
  } catch {
    return undefined;
  }
}
