/** Finding and running the programs of toolchains. */

import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

const SUFFIX = process.platform === "win32" ? ".exe" : "";

/** Places of a program, in the order of `PATH`, then where installers put it. */
export function placesOf(program: string, ...more: readonly string[]): string[] {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...more];
  const places = folders.filter((folder) => folder !== "").map((folder) => join(folder, program));
  return [...new Set(places)].map((place) => place + SUFFIX).filter((place) => existsSync(place));
}

/** Where rustup puts programs. */
export function cargoFolder(): string {
  return join(process.env["CARGO_HOME"] ?? join(homedir(), ".cargo"), "bin");
}

/** What a program answers; `undefined` when it fails. */
export function ask(program: string, args: readonly string[], cwd?: string): string | undefined {
  const stdio = ["ignore", "pipe", "ignore"] as const;
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8", stdio: [...stdio], cwd });
  return status === 0 ? stdout.trim() : undefined;
}

/** Runs a program that prints for a person, on standard error. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<{ readonly exitCode: number | null; readonly stdout: string }> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", process.stderr] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", fail);
    child.once("close", (exitCode) => {
      done({ exitCode, stdout: Buffer.concat(chunks).toString() });
    });
  });
}
