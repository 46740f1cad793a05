/** Builds a crate with cargo. */

import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Builder, Diagnostic } from "./builder.ts";
import { findRust } from "./find-rust.ts";

/** A line that cargo prints; the fields are those that are read here. */
interface CargoMessage {
  readonly reason: string;
  readonly target?: { readonly kind: readonly string[] };
  readonly filenames?: readonly string[];
  readonly message?: RustMessage;
}

interface RustMessage {
  readonly level: string;
  readonly message: string;
  readonly spans: readonly {
    readonly file_name: string;
    readonly line_start: number;
    readonly column_start: number;
    readonly is_primary: boolean;
  }[];
}

export const buildRust: Builder = async (manifest, { isProduction }) => {
  const folder = dirname(manifest);
  const { cargo, target, env } = findRust(folder);
  const args = ["build", "--target", target, "--message-format", "json"];
  const { exitCode, stdout, stderr } = await run(
    cargo,
    isProduction ? [...args, "--release"] : args,
    folder,
    env,
  );
  const messages = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as CargoMessage);
  const diagnostics = messages.flatMap(({ message }) => diagnosticOf(message, folder) ?? []);
  const modules = messages.flatMap(({ target, filenames = [] }) =>
    target?.kind.includes("cdylib") === true
      ? filenames.filter((name) => name.endsWith(".wasm"))
      : [],
  );
  const [module] = modules;
  const fault =
    exitCode === 0
      ? 'The crate makes no module; add crate-type = ["cdylib"] to [lib]'
      : `cargo failed:\n${stderr.trim()}`;
  if (exitCode === 0 && module !== undefined) {
    return { wasm: readFileSync(module), diagnostics, inputs: [manifest, ...inputsOf(module)] };
  }
  const isExplained = diagnostics.some(({ severity }) => severity === "error");
  const whole: Diagnostic = { severity: "error", message: fault, file: manifest };
  return {
    wasm: undefined,
    diagnostics: isExplained ? diagnostics : [...diagnostics, whole],
    inputs: [manifest, ...sourcesIn(join(folder, "src"))],
  };
};

function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
    }
    child.once("error", fail);
    child.once("close", (exitCode) => done({ exitCode, ...output }));
  });
}

/** Messages without a place only count the others. */
function diagnosticOf(message: RustMessage | undefined, folder: string): Diagnostic | undefined {
  const span = message?.spans.find(({ is_primary }) => is_primary);
  if (message === undefined || span === undefined) return undefined;
  return {
    severity: message.level === "error" || message.level === "warning" ? message.level : "info",
    message: message.message,
    file: findFile(span.file_name, folder),
    line: span.line_start,
    column: span.column_start,
  };
}

/** A path of rustc is relative to the workspace, which is the crate or a folder above it. */
function findFile(path: string, folder: string): string {
  const found = resolve(folder, path);
  const above = dirname(folder);
  return existsSync(found) || above === folder ? found : findFile(path, above);
}

/** The sources of a module, which cargo lists beside it as a rule of make. */
function inputsOf(module: string): string[] {
  const rule = readFileSync(module.replace(/\.wasm$/, ".d"), "utf8");
  const paths = rule.slice(rule.indexOf(".wasm:") + ".wasm:".length).matchAll(/(?:\\.|\S)+/g);
  return Array.from(paths, ([path]) => path.replaceAll("\\ ", " "));
}

function sourcesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return paths.filter((path) => path.endsWith(".rs")).map((path) => join(folder, path));
}
