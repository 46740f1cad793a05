/** Finds a Rust that can build plugins: several may be installed, with different targets. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Newest name first: Rust renamed the target in 1.78. */
const TARGETS = ["wasm32-wasip1", "wasm32-wasi"];
const SUFFIX = process.platform === "win32" ? ".exe" : "";

export interface Rust {
  readonly cargo: string;
  readonly target: string;
  /** The environment to run it in. */
  readonly env: NodeJS.ProcessEnv;
}

/** @throws {TypeError} that says what to install */
export function findRust(folder: string): Rust {
  const path = process.env["PATH"] ?? "";
  const installed = join(process.env["CARGO_HOME"] ?? join(homedir(), ".cargo"), "bin");
  const places = [...path.split(delimiter), installed, "/usr/bin"];
  for (const place of new Set(places)) {
    const [cargo, rustc] = ["cargo", "rustc"].map((name) => join(place, name + SUFFIX)) as [
      string,
      string,
    ];
    if (!existsSync(cargo) || !existsSync(rustc)) continue;
    const target = TARGETS.find((name) => hasTarget(rustc, name, folder));
    // Cargo takes the first rustc of PATH, which may be of another toolchain.
    const env = { ...process.env, RUSTC: rustc, PATH: place + delimiter + path };
    if (target !== undefined) return { cargo, target, env };
  }
  throw new TypeError(
    "There is no Rust with a target for WASI: get it from https://rustup.rs and run rustup target add wasm32-wasip1",
  );
}

function hasTarget(rustc: string, target: string, cwd: string): boolean {
  const args = ["--print", "target-libdir", "--target", target];
  const { status, stdout } = spawnSync(rustc, args, { cwd, encoding: "utf8" });
  return status === 0 && existsSync(stdout.trim());
}
