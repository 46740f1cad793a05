/** Processes of Node that look to tests like the pages of a browser. */

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { build } from "esbuild";

const ROOT = resolve(import.meta.dirname, "../..");

/** A function of a test to run. */
export interface Evaluation {
  readonly id: number;
  readonly code: string;
  readonly argument: unknown;
}

/** What a process tells: its number of threads, first of all, and what came of a function. */
export type FromProcess =
  | { readonly workers: number }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

/** Makes pages, each a process. `CLOCHE_NODE` is the program, by default the one that runs the tests. */
export class NodeBrowser {
  #script: Promise<string> | undefined;

  async newPage(): Promise<Page> {
    this.#script ??= buildHarness();
    return new NodePage(await this.#script) as unknown as Page;
  }

  /** Each page ends its own process. */
  async close(): Promise<void> {}

  /** Typed as what fixtures expect. Tests that use more of a browser are tagged `PAGE_ONLY`. */
  static create(): Browser {
    return new NodeBrowser() as unknown as Browser;
  }
}

class NodePage {
  readonly #script: string;
  #process: ChildProcess | undefined;
  readonly #pending: Map<number, PromiseWithResolvers<unknown>> = new Map();
  #evaluations = 0;
  #address = "";
  /** The folder that is its storage. */
  readonly #storage: string = mkdtempSync(join(tmpdir(), "cloche-storage-"));
  #workers = 0;

  constructor(script: string) {
    this.#script = script;
  }

  /** Starts a fresh process. */
  async goto(address: string): Promise<void> {
    await this.#end();
    this.#address = address;
    const started = fork(this.#script, {
      execPath: process.env["CLOCHE_NODE"] ?? process.execPath,
      execArgv: [],
      serialization: "advanced",
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: {
        ...process.env,
        CLOCHE_ADDRESS: address,
        CLOCHE_FILES: join(ROOT, "public"),
        CLOCHE_STORAGE: this.#storage,
      },
    });
    this.#process = started;
    await once(started, "message");
    started.on("message", (message: FromProcess) => this.#onMessage(message));
    started.on("exit", (code, signal) => this.#onExit(`${code ?? signal}`));
  }

  reload(): Promise<void> {
    return this.goto(this.#address);
  }

  /** A process is ready once it is started. */
  async waitForFunction(): Promise<void> {}

  /** Scripts for pages have nothing to do here. */
  async addInitScript(): Promise<void> {}

  evaluate(code: (argument: unknown) => unknown, argument?: unknown): Promise<unknown> {
    const id = this.#evaluations++;
    const pending = withResolvers();
    this.#pending.set(id, pending);
    this.#process?.send({ id, code: String(code), argument } satisfies Evaluation);
    return pending.promise;
  }

  /** As many as there are threads. */
  workers(): unknown[] {
    return Array.from({ length: this.#workers });
  }

  async close(): Promise<void> {
    await this.#end();
    rmSync(this.#storage, { recursive: true, force: true });
  }

  async #end(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const exit = once(running, "exit");
    running.kill("SIGKILL");
    await exit;
  }

  #onMessage(message: FromProcess): void {
    if ("workers" in message) {
      this.#workers = message.workers;
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if ("value" in message) pending?.resolve(message.value);
    else pending?.reject(new Error(message.error));
  }

  #onExit(code: string): void {
    for (const { reject } of this.#pending.values())
      reject(new Error(`The process of Node ended (${code})`));
    this.#pending.clear();
  }
}

function withResolvers(): PromiseWithResolvers<unknown> {
  let resolve: (value: unknown) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<unknown>((...ends) => {
    [resolve, reject] = ends;
  });
  return { promise, resolve, reject };
}

/** Builds the script of the processes, which imports the library as a user's would. Returns its path. */
async function buildHarness(): Promise<string> {
  const outfile = join(ROOT, "build/node-harness.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "node-harness.ts")],
    ...{ bundle: true, format: "esm", platform: "node", target: "node20", packages: "external" },
    outfile,
  });
  return outfile;
}
