// Generates modules from random bytes with binaryen's wasm-opt.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { randomOf } from "./random.mjs";
import { withMemoryExport, withStart } from "./sections.mjs";

const run = promisify(execFile);

/** Features of all browsers and tools. */
const COMMON = [
  "sign-ext",
  "mutable-globals",
  "nontrapping-float-to-int",
  "bulk-memory",
  "multivalue",
];

/**
 * Used in turn, one for each module. Binaryen 108 allows a function as an external reference, which is
 * no longer valid, so two of three of its modules with references are rejected.
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

/** For newer versions, with the features standardised since. */
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

/** The generator's hang limit: the count of loop iterations and calls after which its code traps. */
const HANG_LIMIT = 10;
/** The maximum that fits into the same byte, and a negative number, which is never counted down to 0. */
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
   * Generates the module of an index: the same for the same seed and version of binaryen.
   *
   * @param {number} index
   * @returns {Promise<Generated | undefined>} The module, and a copy without hang limit, which may not
   *   terminate; `undefined` if the generator rejects its own module as invalid.
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
    // Older generators emit no start function, and newer ones do not export their memory.
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

/** The position of the constant in the function that sets the hang limit, which comes last. */
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
