/** What is checked of the blocks that no test runs. */

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "vite";
import { type CodeBlock, ROOT, textOf } from "./examples.ts";

/** Languages whose blocks nothing can check, each with the reason. */
const UNCHECKED: Readonly<Record<string, string>> = {
  "": "a map of the code in ASCII",
  text: "output, diagrams and grammars are prose in a fixed width",
  toml: "the manifest of a crate names a folder of the reader; the CLI builds one from its template",
};

/** Scripts that a project of the reader has, by `cloche new` or by its tools. */
const PROJECT_SCRIPTS = [
  "dev",
  "build",
  "preview",
  "test",
  "pkg",
  "init",
  "install",
  "ci",
  "start",
];

/** A command of the CLI is a file of its own. */
const CLI_COMMANDS = readdirSync(join(ROOT, "packages/cli/src/commands"));

/** What is wrong with a block, or undefined. */
export async function faultOf(block: CodeBlock): Promise<string | undefined> {
  const { language, info, code } = block;
  if (info.includes("/")) return textOf(info).includes(code) ? undefined : `not in ${info}`;
  switch (language) {
    case "ts":
    case "typescript":
    case "js":
      return faultOfModule(code);
    case "html":
      return faultOfPage(code);
    case "json":
      return faultIn(() => JSON.parse(code));
    case "http":
      return /^([\w-]+: .+\n)+$/.test(code) ? undefined : "not a list of headers";
    case "sh":
    case "bash":
    case "shell":
      return faultOfCommands(code);
    default:
      return language in UNCHECKED ? undefined : `nothing checks blocks in "${language}"`;
  }
}

/** Parses a module, and looks for what it imports of our packages. */
async function faultOfModule(code: string): Promise<string | undefined> {
  let statements: readonly object[] = [];
  const fault = faultIn(() => {
    statements = parseAst(code, { lang: "ts" }).body;
  });
  if (fault !== undefined) return fault;
  for (const statement of statements as readonly ImportDeclaration[]) {
    if (statement.type !== "ImportDeclaration" || statement.importKind === "type") continue;
    const { value: name } = statement.source;
    // What needs a browser, or a bundler's way to import, is imported where its examples run.
    if (!/^(cloche|@cloche\/(vite|javascript|assemblyscript))(\/[a-z]+)?$/.test(name)) continue;
    const exported: object = await import(name);
    for (const { imported, importKind } of statement.specifiers) {
      if (imported === undefined || importKind === "type" || imported.name in exported) continue;
      return `${name} does not export ${imported.name}`;
    }
  }
  return undefined;
}

/** What this file looks at in an import. */
interface ImportDeclaration {
  readonly type: string;
  readonly importKind?: string;
  readonly source: { readonly value: string };
  readonly specifiers: readonly {
    readonly imported?: { readonly name: string };
    readonly importKind?: string;
  }[];
}

async function faultOfPage(page: string): Promise<string | undefined> {
  if (!page.startsWith("<!doctype html>\n")) return "a page starts with <!doctype html>";
  for (const [, script = ""] of page.matchAll(/<script type="module">([^]*?)<\/script>/g)) {
    const fault = await faultOfModule(script);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Parses commands, and looks for the scripts and the commands of ours that they name. */
function faultOfCommands(code: string): string | undefined {
  const { status, stderr } = spawnSync("bash", ["-n"], { input: code, encoding: "utf8" });
  if (status !== 0) return stderr;
  const { scripts } = JSON.parse(textOf("package.json")) as { scripts: object };
  for (const [, run = "", name = ""] of code.matchAll(/\bnpm (run )?([\w:-]+)/g)) {
    const known = PROJECT_SCRIPTS.includes(name) || (run !== "" && name in scripts);
    if (!known) return `there is no npm ${run}${name}`;
  }
  for (const [, name = ""] of code.matchAll(/^(?:npx )?cloche (\w+)/gm))
    if (!CLI_COMMANDS.includes(`${name}.ts`)) return `there is no cloche ${name}`;
  return undefined;
}

function faultIn(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return String(error);
  }
}
