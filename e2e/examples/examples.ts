/** The code blocks of the documentation, as modules that can be type-checked and run. */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { assertComments } from "./assert-comments.ts";

/** The folder of the repository. */
export const ROOT: string = resolve(import.meta.dirname, "../..");

/** Where the modules are written. */
export const EXAMPLES_DIRECTORY: string = join(ROOT, "build/examples");

const PAGE_SCRIPT = '<script type="module">';

/** One fenced code block. */
export interface CodeBlock {
  /** The document, relative to the repository. */
  readonly document: string;
  /** The line of the first line of code, counted from 1. */
  readonly line: number;
  readonly language: string;
  /** What follows the language: words for the runner, or the file that the block quotes. */
  readonly info: string;
  /** The file of the reader's project that the block is, where the line above it is `` `file`: ``. */
  readonly file: string | undefined;
  readonly code: string;
}

/**
 * A module made of the blocks of one document: one with imports, and those without that follow it.
 * Its lines have the numbers that they have in the document.
 */
export interface Example {
  /** The name of its file, without the extension. */
  readonly name: string;
  readonly line: number;
  /** Whether it needs a cross-origin isolated page. Info string: `isolated`. */
  readonly needsIsolation: boolean;
  /** The Content-Security-Policy of its page, from a block in `http` above it. */
  readonly policy: string | undefined;
  /** Whether it is type-checked and not run. Info string: `no-run`. */
  readonly isTypesOnly: boolean;
  /** Whether it is run in Node. Info string: `node`. */
  readonly isOfNode: boolean;
  readonly module: string;
}

/** Every Markdown file that is documentation, relative to the repository. */
export function documents(): string[] {
  const list = (folder: string) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((file) =>
      join(folder, file),
    );
  return [...readdirSync(ROOT), ...list("docs"), ...list("guest"), ...list("packages")]
    .filter((file) => file.endsWith(".md") && !/(?:target|node_modules)\//.test(file))
    .sort();
}

/** The code blocks of a document. */
export function codeBlocks(document: string): CodeBlock[] {
  const text = textOf(document);
  const blocks = text.matchAll(/^(`([^`\n]+)`:\n\n)?```(\w*)[ \t]*(.*)\n([^]*?)^```$/gm);
  return Array.from(
    blocks,
    ({ index, 1: heading = "", 2: file, 3: language = "", 4: info = "", 5: code = "" }) => {
      const line = text.slice(0, index + heading.length).split("\n").length + 1;
      return { document, line, language, info: info.trim(), file, code };
    },
  );
}

/** The examples of a document: its blocks in TypeScript, and the scripts of its pages. */
export function examplesOf(document: string): Example[] {
  const groups: CodeBlock[][] = [];
  let headers: CodeBlock[] = [];
  for (const block of codeBlocks(document)) {
    const { language, file, code } = block;
    if (language === "http") headers = [block];
    if (language !== "ts" && language !== "html") continue;
    // A file of a project is run with the other files of it, a page by its script alone.
    if (language === "ts" ? file !== undefined : !code.includes(PAGE_SCRIPT)) continue;
    const group = groups.at(-1);
    if (language === "html") groups.push([...headers, { ...block, code: scriptOf(code) }]);
    else if (/^import /m.test(code)) groups.push([...headers, block]);
    else if (group === undefined) throw new Error(`${placeOf(block)}: no block with imports above`);
    else group.push(block);
    headers = [];
  }
  return groups.map(exampleOf);
}

/** Writes every example into {@link EXAMPLES_DIRECTORY}, with a configuration for `tsc`. */
export function writeExamples(): void {
  rmSync(EXAMPLES_DIRECTORY, { recursive: true, force: true });
  mkdirSync(EXAMPLES_DIRECTORY, { recursive: true });
  for (const { name, module } of documents().flatMap(examplesOf)) {
    writeFileSync(join(EXAMPLES_DIRECTORY, `${name}.ts`), module);
  }
  const config = {
    extends: "../../tsconfig.json",
    compilerOptions: { types: ["vite/client", "node"] },
    include: ["."],
    exclude: [],
  };
  writeFileSync(join(EXAMPLES_DIRECTORY, "tsconfig.json"), JSON.stringify(config));
}

/** Writes a block into the reader's project, if it is a file of that. */
export function writeProjectFile({ file, code }: CodeBlock, folder: string): void {
  if (file === undefined) return;
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), code);
}

/** The text of a file of the repository. */
export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/** Where a block stands, for a message. */
export function placeOf({ document, line }: CodeBlock): string {
  return `${document}:${line}`;
}

function exampleOf(group: readonly CodeBlock[]): Example {
  const blocks = group.filter(({ language }) => language !== "http");
  const [{ document, line }] = blocks as [CodeBlock];
  const headers = group.find(({ language }) => language === "http")?.code;
  const lines: string[] = [];
  for (const block of blocks) {
    const asserted = assertComments(block.code, document, block.line);
    for (const [index, text] of asserted.split("\n").entries())
      lines[block.line - 1 + index] = text;
  }
  // The first line of a document is its heading.
  lines[0] = 'import * as example from "../../e2e/harness/example-check.ts"; void example;';
  const words = blocks.flatMap(({ info }) => info.split(" "));
  const isOfNode = words.includes("node");
  return {
    name: `${document.replaceAll("/", "-").replace(/\.md$/, "")}-${line}${isOfNode ? ".node" : ""}`,
    line,
    policy: /^Content-Security-Policy: (.*)$/m.exec(headers ?? "")?.[1],
    needsIsolation: words.includes("isolated"),
    isTypesOnly: words.includes("no-run"),
    isOfNode,
    // Without an export a bundler leaves the module out: package.json says that ours have no effects.
    module: [...Array.from(lines, (text) => text ?? ""), "export const isRun = true;", ""].join(
      "\n",
    ),
  };
}

/** The script of a page, in the lines where it stands. */
function scriptOf(page: string): string {
  const [before = "", rest = ""] = page.split(PAGE_SCRIPT);
  return before.replaceAll(/[^\n]/g, "") + rest.replace(/<\/script>[^]*/, "");
}
