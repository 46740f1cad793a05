import { defineCommand } from "../command-line.ts";
import { EXIT_CODES, usageFailure } from "../failure.ts";
import { withProgress } from "../terminal/progress.ts";
import { buildProject } from "../toolchains/build-project.ts";
import { findProject } from "../toolchains/project.ts";

export const BUILD_OPTIONS = {
  release: { type: "boolean", short: "r", help: "optimize, without debug information" },
  entry: { type: "string", value: "<file>", help: "the source to start at (scripts only)" },
  out: {
    type: "string",
    short: "o",
    value: "<file.wasm>",
    help: "default: build/<name>.wasm; declarations go beside it",
  },
} as const;

export const buildCommand = defineCommand({
  usage: "build [folder] [options]",
  summary: "build a plugin and its TypeScript declarations",
  details: `
The folder tells the language: Cargo.toml is Rust, a dependency on
@cloche/assemblyscript or @cloche/javascript one of those, src/*.c is C.
The exit code is 1 when the build fails, and 3 when a toolchain is missing.`,
  options: BUILD_OPTIONS,
  run: async ({ options: { release = false, entry, out }, positionals }) => {
    const project = findProject(onlyFolder(positionals), entry);
    const building = buildProject(project, { isRelease: release, out });
    const line = await withProgress(`Building ${project.name}`, building);
    process.stderr.write(`${line}\n`);
    return EXIT_CODES.done;
  },
});

/** The folder of a project; by default the working directory. */
export function onlyFolder([folder = ".", second]: readonly string[]): string {
  if (second !== undefined) throw usageFailure(`Unexpected argument "${second}"`);
  return folder;
}
