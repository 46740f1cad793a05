/** Runs the programs that scripts/install-programs.mjs has installed, in a page that has the library. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Page, test } from "@playwright/test";
import { INSTALLED } from "./installed.ts";

/** Skips the tests of a program that is not installed; where CI should have done it, they fail. */
export function needs(program: string): void {
  const isMissing = !existsSync(join(INSTALLED, `${program}.wasm`));
  test.skip(
    isMissing && process.env["CI"] === undefined,
    `${program} is not installed: node scripts/install-programs.mjs does it`,
  );
  test.setTimeout(90_000);
}

/** The text of a script in e2e/programs/scripts. */
export function script(name: string): string {
  return readFileSync(join(import.meta.dirname, "scripts", name), "utf8");
}

/** Files as text, a directory by nesting. */
export interface Texts {
  readonly [name: string]: string | Texts;
}

export interface Run {
  readonly args: readonly string[];
  readonly files: Texts;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** All of its standard input. */
  readonly stdin?: string;
  /** Lines that a function on the page gives one by one. */
  readonly lines?: readonly string[];
  readonly blocking?: "jspi" | "shared-memory";
}

/** How a run went. */
export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Below `/out`, by path. */
  readonly written: Readonly<Record<string, string>>;
  /** What a terminal would show when each line was asked for. */
  readonly heardWhenAsked: readonly string[];
}

declare global {
  interface Window {
    /** Programs by name: a page fetches each once. */
    programs?: Record<string, Blob>;
  }
}

/** Runs a program on an open harness. */
export async function run(page: Page, program: string, options: Run): Promise<RunResult> {
  return page.evaluate(
    async ([program, { files, lines, ...options }]) => {
      const heardWhenAsked: string[] = [];
      let heard = "";
      const waiting = [...(lines ?? [])];
      const nextLine = async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        heardWhenAsked.push(heard);
        return waiting.shift() ?? null;
      };
      const { runCommand } = window.cloche;
      const programs = (window.programs ??= {});
      programs[program] ??= await fetch(`/installed/${program}.wasm`).then((each) => each.blob());
      const result = await runCommand(programs[program], {
        ...options,
        files,
        ...(lines && { stdin: nextLine }),
        stdout: (chunk) => (heard += chunk),
        stderr: (chunk) => (heard += chunk),
      });
      const written: Record<string, string> = {};
      const collect = (tree: typeof result.files, path: string) => {
        for (const [name, content] of Object.entries(tree)) {
          if (content instanceof Uint8Array) {
            written[path + name] = new TextDecoder().decode(content);
          } else if (typeof content === "object") collect(content, `${path}${name}/`);
        }
      };
      collect((result.files["out"] ?? {}) as typeof result.files, "");
      const { exitCode, stdout, stderr } = result;
      return { exitCode, stdout, stderr, written, heardWhenAsked };
    },
    [program, options] as const,
  );
}
