/** Builds C with clang. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT_CODES, Failure } from "../failure.ts";
import { ask, placesOf, runProgram } from "./programs.ts";
import { cSources, type Project } from "./project.ts";

const TARGET = "--target=wasm32-wasi";

const COMPILE_FLAGS = [TARGET, "-std=c11", "-Wall", "-Wextra", "-c"];

/** A reactor is initialized once and then called. */
const LINK_FLAGS = [TARGET, "-mexec-model=reactor"];

export async function buildC(
  { folder }: Project,
  isRelease: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  const clang = findClang();
  const out = mkdtempSync(join(tmpdir(), "cloche-build-"));
  const run = async (args: readonly string[]) => {
    const { exitCode } = await runProgram(clang, args, { cwd: out });
    if (exitCode !== 0) throw new Failure("Cannot build: clang failed, see above");
  };
  try {
    const includes = ["include", "src"].map((name) => `-I${join(folder, name)}`);
    const optimized = isRelease ? ["-O2", "-flto"] : ["-O1", "-g"];
    await run([...COMPILE_FLAGS, ...optimized, ...includes, ...cSources(folder)]);
    // No -O: it makes clang run wasm-opt, which may be too old.
    const linked = isRelease ? ["-flto", "-Wl,--strip-all"] : [];
    const objects = readdirSync(out).map((name) => join(out, name));
    const file = join(out, "plugin.wasm");
    await run([...LINK_FLAGS, ...linked, "-o", file, ...objects]);
    return new Uint8Array(readFileSync(file));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** The first clang that has a linker for Wasm, a C library for WASI and its runtime library. */
function findClang(): string {
  const sdk = process.env["WASI_SDK_PATH"];
  const places = [
    ...(sdk === undefined ? [] : [join(sdk, "bin/clang")]),
    ...placesOf("clang"),
    "/opt/wasi-sdk/bin/clang",
  ];
  const found = places.find((clang) => existsSync(clang) && isComplete(clang));
  if (found !== undefined) return found;
  throw new Failure(
    "Cannot build: there is no clang for WASI; install wasi-sdk (https://github.com/WebAssembly/wasi-sdk)\n" +
      "and set WASI_SDK_PATH to its folder, or on Debian run\n" +
      "  apt-get install clang lld wasi-libc libclang-rt-14-dev-wasm32",
    EXIT_CODES.missing,
  );
}

function isComplete(clang: string): boolean {
  const parts = [
    "-print-prog-name=wasm-ld",
    "-print-file-name=crt1-reactor.o",
    "-print-libgcc-file-name",
  ];
  return parts.every((part) => existsSync(ask(clang, [TARGET, part]) ?? ""));
}
