// Makes modules out of random bytes, with binaryen's wasm-opt.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { randomOf } from "./random.mjs";
import { withMemoryExport, withStart } from "./sections.mjs";

const run = promisify(execFile);

/** What every browser has, and every tool. */
const COMMON = [
  "sign-ext",
  "mutable-globals",
  "nontrapping-float-to-int",
  "bulk-memory",
  "multivalue",
];

/**
 * One after the other, module by module. Binaryen 108's references, where a function is an external
 * reference too, are no longer valid: two modules of three with them are not.
 */
const PROFILES_OF_108 = [
  [],
  ["simd"],
  ["exception-handling"],
  ["tail-call"],
  ["exception-handling", "simd", "tail-call"],
  ["reference-types"],
  ["memory64"],
  ["threads"],
  ["extended-const", "relaxed-simd", "simd"],
];

/** For newer ones, which know what was standardised since. */
const PROFILES = [
  [],
  ["relaxed-simd", "simd"],
  ["exception-handling", "reference-types"],
  ["exception-handling", "gc", "reference-types", "tail-call"],
  ["extended-const", "gc", "reference-types", "simd"],
  ["multimemory", "threads"],
  ["memory64"],
  ["memory64", "multimemory"],
];

/** The generator stops after this much: what it puts into loops and functions to make them end. */
const HANG_LIMIT = 10;
/** The most that fits into the same byte, and a number that is never counted down to 0. */
const LONGER_HANG_LIMIT = 63;
const NO_HANG_LIMIT = 0x7f;

/** @typedef {{ name: string, bytes: Uint8Array, endless?: Uint8Array }} Generated */

export class Generator {
  #command;
  #seed;
  #version;
  #folder = mkdtempSync(join(tmpdir(), "cloche-fuzz-"));

  /** @param {{ command: readonly string[], version: number, seed: number }} options */
  constructor({ command, version, seed }) {
    this.#command = command;
    this.#seed = seed;
    this.#version = version;
  }

  /**
   * The module of a number: the same for the same seed and version of binaryen.
   *
   * @param {number} index
   * @returns {Promise<Generated | undefined>} Also with its hang limit taken out: then it may never end.
   *   Some numbers give nothing: what the generator makes of them is not valid, as itself says.
   */
  async module(index) {
    const random = randomOf(this.#seed, index);
    const [input, output] = ["bin", "wasm"].map((end) => join(this.#folder, `${index}.${end}`));
    writeFileSync(input, random.bytes(200 + random.below(random.pick([2000, 8000, 30000]))));
    const profiles = this.#version <= 108 ? PROFILES_OF_108 : PROFILES;
    const features = [...COMMON, ...profiles[index % profiles.length]];
    const [command, ...args] = this.#command;
    const isMade = await run(command, [
      ...args,
      ...["--translate-to-fuzz", "--denan", input, "-o", output, "--quiet"],
      ...features.map((feature) => `--enable-${feature}`),
      ...(random.below(4) === 0 ? ["-O1"] : []),
    ]).then(
      () => true,
      () => false,
    );
    rmSync(input);
    if (!isMade) return undefined;
    const made = new Uint8Array(readFileSync(output));
    rmSync(output);
    // Older generators make no start, and newer ones let nobody see their memory.
    const open = withMemoryExport(made);
    const bytes = random.below(4) === 0 ? withStart(open, /_invoker$/) : open;
    return { name: `${this.#version}-${this.#seed}-${index}`, ...withHangLimits(bytes) };
  }

  close() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function withHangLimits(bytes) {
  const at = hangLimitPlace(bytes);
  if (at === undefined) return { bytes };
  const endless = bytes.slice();
  bytes[at] = LONGER_HANG_LIMIT;
  endless[at] = NO_HANG_LIMIT;
  return { bytes, endless };
}

/** Where the exported function that sets the hang limit has its constant: it comes last. */
function hangLimitPlace(bytes) {
  const [constant, setGlobal, end] = [0x41, 0x24, 0x0b];
  for (let at = bytes.length - 5; at >= 0; at--) {
    if (bytes[at] !== constant || bytes[at + 1] !== HANG_LIMIT || bytes[at + 2] !== setGlobal)
      continue;
    const last = bytes[at + 3] < 0x80 ? at + 4 : at + 5;
    if (bytes[last] === end) return at + 1;
  }
  return undefined;
}
