/**
 * The examples that run on the page. Each is a module that exports a function, which runs the blocks up
 * to the one that the reader runs, and shows the values of that one's expressions.
 */

import { createHash } from "node:crypto";
import { relative, resolve } from "node:path";
import { transformSync } from "esbuild";
import { parseAst } from "vite";
import type { MarkdownRenderer } from "vitepress";
import { type CodeBlock, codeBlocks, documents, ROOT } from "../../e2e/examples/examples.ts";

/** What an example on a page may import. */
const LIBRARIES = ["cloche", "cloche/wasmer", "@wasmer/wasmfs"];

/** Stands for `cloche`: the same functions, whose plugins can be ended together. */
const LIVE_LIBRARY = resolve(import.meta.dirname, "theme/live-library.ts");

const REGISTRY = "virtual:live-examples";
const EXAMPLE = "virtual:live-example/";

/** What this file looks at in a statement. */
interface Statement {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** The blocks of each live example, by its name; the last block is the one that is shown. */
function liveExamples(): Map<string, readonly CodeBlock[]> {
  return new Map(documents().flatMap(liveExamplesOf));
}

function liveExamplesOf(document: string): [string, readonly CodeBlock[]][] {
  const examples: [string, readonly CodeBlock[]][] = [];
  let group: CodeBlock[] = [];
  let needsPolicy = false;
  for (const block of codeBlocks(document)) {
    if (block.language === "http") needsPolicy = true;
    if (block.language !== "ts" || block.file !== undefined) continue;
    group = /^import /m.test(block.code) ? [block] : [...group, block];
    if (!needsPolicy && group.every(runsOnThePage)) {
      examples.push([nameOf(document, block.code), group]);
    }
    needsPolicy = false;
  }
  return examples;
}

function runsOnThePage({ info, code }: CodeBlock): boolean {
  const imported = Array.from(code.matchAll(/^import [^"]*"(.*)";$/gm), ([, name = ""]) => name);
  return info === "" && imported.every((name) => LIBRARIES.includes(name));
}

/** Does not depend on the place in the document, which Markdown's renderer does not know. */
function nameOf(document: string, code: string): string {
  return createHash("sha256").update(document).update(code).digest("hex").slice(0, 12);
}

function moduleOf(blocks: readonly CodeBlock[]): string {
  const imports: string[] = [];
  const body = blocks.map(({ code }, index) => {
    const isLast = index === blocks.length - 1;
    let text = code;
    for (const statement of (parseAst(code, { lang: "ts" }).body as Statement[]).toReversed()) {
      const source = code.slice(statement.start, statement.end);
      let replacement = source;
      if (statement.type === "ImportDeclaration") {
        imports.push(source.replace(/"cloche";$/, `${JSON.stringify(LIVE_LIBRARY)};`));
        replacement = "";
      } else if (statement.type === "ExpressionStatement") {
        const expression = source.replace(/;$/, "");
        replacement = `await live.evaluate(async () => (${expression}), ${JSON.stringify(expression)});`;
      }
      text = text.slice(0, statement.start) + replacement + text.slice(statement.end);
    }
    return isLast ? `live.showFromHere();\n${text}` : text;
  });
  const module = [...imports, "export async function run(live, console) {", ...body, "}"];
  return transformSync(module.join("\n"), { loader: "ts", target: "es2022" }).code;
}

/** Puts a button under each block that runs on the page. */
export function addRunButtons(markdown: MarkdownRenderer): void {
  const { fence } = markdown.renderer.rules;
  const names = liveExamples();
  markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
    const html = fence?.(tokens, index, options, env, self) ?? "";
    const name = nameOf(relative(ROOT, env.realPath ?? env.path), tokens[index]?.content ?? "");
    return names.has(name) ? `${html}<LiveExample name="${name}" />` : html;
  };
}

/** Vite's plugin that makes the modules. */
export const liveExampleModules = {
  name: "live examples",
  resolveId(id: string): string | undefined {
    return id === REGISTRY || id.startsWith(EXAMPLE) ? `\0${id}` : undefined;
  },
  load(id: string, { ssr = false }: { ssr?: boolean } = {}): string | undefined {
    if (id === `\0${REGISTRY}`) {
      const names = ssr ? [] : [...liveExamples().keys()];
      const entries = names.map((name) => `"${name}": () => import("${EXAMPLE}${name}")`);
      return `export const examples = {${entries.join(",")}};`;
    }
    const name = id.startsWith(`\0${EXAMPLE}`) ? id.slice(EXAMPLE.length + 1) : undefined;
    const blocks = name === undefined ? undefined : liveExamples().get(name);
    return blocks && moduleOf(blocks);
  },
};
