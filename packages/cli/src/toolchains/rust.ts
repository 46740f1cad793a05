/** Builds Rust with cargo. */

import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { EXIT_CODES, Failure } from "../failure.ts";
import { ask, cargoFolder, placesOf, runProgram } from "./programs.ts";
import type { Project } from "./project.ts";

/** Newest name first: Rust renamed the target in 1.78. */
const TARGETS = ["wasm32-wasip1", "wasm32-wasi"];

/** Where Debian has the crates of its librust-*-dev packages, which are as old as its Rust. */
const DEBIAN_CRATES = "/usr/share/cargo/registry";

interface Rust {
  readonly cargo: string;
  readonly rustc: string;
  readonly target: string;
}

export async function buildRust(
  { folder }: Project,
  isRelease: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  const { cargo, rustc, target } = findRust(folder);
  const args = ["build", "--target", target, "--message-format", "json-render-diagnostics"];
  const { exitCode, stdout } = await runProgram(
    cargo,
    [...args, ...(isRelease ? ["--release"] : []), ...sourceOf(cargo)],
    {
      cwd: folder,
      // Cargo takes the first rustc of PATH, which may be of another toolchain.
      env: {
        ...process.env,
        RUSTC: rustc,
        PATH: `${dirname(cargo)}${delimiter}${process.env["PATH"] ?? ""}`,
      },
    },
  );
  if (exitCode !== 0) throw new Failure("Cannot build: cargo failed, see above");
  const modules = modulesOf(stdout);
  const [module] = modules;
  if (module === undefined) {
    throw new Failure(
      'Cannot build: the crate makes no module; add crate-type = ["cdylib"] to [lib]',
    );
  }
  if (modules.length > 1) {
    throw new Failure(`Cannot build: the crates make several modules: ${modules.join(", ")}`);
  }
  return new Uint8Array(readFileSync(module));
}

/** Debian's Rust is too old for the newest crates, and has its own. */
function sourceOf(cargo: string): string[] {
  if (cargo !== "/usr/bin/cargo" || !existsSync(DEBIAN_CRATES)) return [];
  const config = [
    'source.crates-io.replace-with="debian"',
    `source.debian.directory="${DEBIAN_CRATES}"`,
  ];
  return config.flatMap((entry) => ["--config", entry]);
}

/** The first toolchain that has a WASI target. */
function findRust(folder: string): Rust {
  const cargos = placesOf("cargo", cargoFolder(), "/usr/bin");
  for (const cargo of cargos) {
    const rustc = join(dirname(cargo), cargo.endsWith(".exe") ? "rustc.exe" : "rustc");
    if (!existsSync(rustc)) continue;
    const target = TARGETS.find((name) => {
      const library = ask(rustc, ["--print", "target-libdir", "--target", name], folder);
      return library !== undefined && existsSync(library);
    });
    if (target !== undefined) return { cargo, rustc, target };
  }
  const what =
    cargos.length === 0
      ? "Rust is not installed; get it from https://rustup.rs, then run\n  rustup target add wasm32-wasip1"
      : "Rust has no WASI target; run\n  rustup target add wasm32-wasip1";
  const debian =
    "or on Debian\n  apt-get install rustc cargo lld libstd-rust-dev-wasm32 librust-serde-dev " +
    "librust-serde-derive-dev librust-bincode-dev librust-syn-dev librust-quote-dev librust-proc-macro2-dev";
  throw new Failure(`Cannot build: ${what}\n${debian}`, EXIT_CODES.missing);
}

/** The modules of a `cdylib` that cargo tells of. */
function modulesOf(messages: string): string[] {
  return messages.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const message = JSON.parse(line) as {
      readonly reason: string;
      readonly target?: { readonly kind: readonly string[] };
      readonly filenames?: readonly string[];
    };
    const isModule =
      message.reason === "compiler-artifact" && message.target?.kind.includes("cdylib") === true;
    return isModule ? (message.filenames ?? []).filter((name) => name.endsWith(".wasm")) : [];
  });
}
