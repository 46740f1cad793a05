import { spawn } from "node:child_process";
import { basename } from "node:path";
import { watch } from "chokidar";
import { defineCommand } from "../command-line.ts";
import { EXIT_CODES, Failure } from "../failure.ts";
import { buildProject } from "../toolchains/build-project.ts";
import { findProject, type Project } from "../toolchains/project.ts";
import { BUILD_OPTIONS, onlyFolder } from "./build.ts";

/** How long files have to rest: an editor may write several. */
const QUIET_MS = 50;

/** Folders without sources. */
const IGNORED: ReadonlySet<string> = new Set(["node_modules", "target", "build", "dist"]);

export const devCommand = defineCommand({
  usage: "dev [folder] [options] [-- command…]",
  summary: "build a plugin again whenever its sources change",
  details: `
A failed build is told, and the next change tries again. The command behind -- is
started after the first build, and runs until it ends or you press Ctrl+C.

Example:
  cloche dev -- vite`,
  options: BUILD_OPTIONS,
  run: async ({ options: { release = false, entry, out }, positionals, rest = [] }) => {
    const project = findProject(onlyFolder(positionals), entry);
    const build = () => tellBuild(project, { isRelease: release, out });
    await build();
    watchSources(project, build);
    const [program, ...args] = rest;
    return program === undefined ? new Promise<never>(() => {}) : runBeside(program, args);
  },
});

/** Builds and tells how it went. What is not installed is thrown: no change of a source mends it. */
async function tellBuild(
  project: Project,
  options: Parameters<typeof buildProject>[1],
): Promise<void> {
  try {
    process.stderr.write(`${await buildProject(project, options)}\n`);
  } catch (error) {
    if (!(error instanceof Failure) || error.exitCode === EXIT_CODES.missing) throw error;
    process.stderr.write(`cloche: ${error.message}\n`);
  }
}

/** Builds after each change, one build at a time. */
function watchSources({ folder }: Project, build: () => Promise<void>): void {
  let timer: NodeJS.Timeout | undefined;
  let building: Promise<void> = Promise.resolve();
  const isIgnored = (path: string) =>
    path !== folder && (IGNORED.has(basename(path)) || basename(path).startsWith("."));
  watch(folder, { ignored: isIgnored, ignoreInitial: true }).on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      building = building.then(build);
    }, QUIET_MS);
  });
}

/** Runs a program of the project until it ends. @returns its exit code */
function runBeside(program: string, args: readonly string[]): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: "inherit", shell: process.platform === "win32" });
    child.once("error", (error) => fail(new Failure(`Cannot run "${program}": ${error.message}`)));
    child.once("close", (exitCode) => done(exitCode ?? 1));
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => child.kill(signal));
  });
}
