/** The packed declarations in the compilers of users, strict and checked themselves. */

import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "../harness/test.ts";
import { needsTools, PackedProjects, TOOLS } from "./packed-project.ts";

needsTools();

let projects: PackedProjects;
let project: string;

test.beforeAll(() => {
  projects = new PackedProjects();
  project = projects.create("types");
  writeFileSync(join(project, "entries.ts"), importsOfEntries("cloche"));
});
test.afterAll(() => projects.remove());

/** A module that imports each entry of a package. */
function importsOfEntries(name: string): string {
  const file = join(project, "node_modules", name, "package.json");
  const { exports } = JSON.parse(readFileSync(file, "utf8")) as {
    exports: Record<string, string | { types?: string }>;
  };
  const typed = Object.entries(exports).filter(
    ([, entry]) => typeof entry === "object" && entry.types !== undefined,
  );
  const lines = typed.map(
    ([path], index) => `export * as entry${index} from "${name}${path.slice(1)}";`,
  );
  return `${lines.join("\n")}\n`;
}

/** What the compiler says; nothing where all is well. */
async function compile(version: string, options: object): Promise<string> {
  const folder = join(project, `${version}-${Object.values(options).join("-")}`.toLowerCase());
  mkdirSync(folder);
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    // Our declarations and those of @types/node are checked, and not those of the compiler.
    skipLibCheck: false,
    skipDefaultLibCheck: true,
    declaration: true,
    noEmit: true,
    rootDir: "..",
    target: "es2022",
    lib: ["es2022", "dom"],
    ...options,
  };
  const config = { compilerOptions, files: ["../use.ts", "../entries.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(TOOLS, version, "bin/tsc");
  const running = promisify(execFile)(process.execPath, [compiler, "-p", folder]);
  return running.then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
}

/**
 * The resolution decides which files are found, and the types of Node what names in them mean, so each way of
 * either is tried once.
 */
const PROJECTS = [
  ["for pages", { module: "esnext", moduleResolution: "bundler", types: [] }],
  ["for Node", { module: "nodenext", moduleResolution: "nodenext", types: ["node"] }],
] as const;

for (const version of ["typescript-6", "typescript-7"]) {
  for (const [what, options] of PROJECTS) {
    test(`the packed declarations compile in ${version} in a project ${what}`, async () => {
      expect(await compile(version, options)).toBe("");
    });
  }
}
