/** Projects of users, with the library installed as it would be published. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "@playwright/test";
import { ROOT } from "../examples/examples.ts";
import { PACKED } from "./packed-library.ts";

/** Where the tools of users are installed. */
export const TOOLS: string = join(ROOT, "node_modules/.cache/cloche-user-tools/node_modules");

const PROJECTS = join(import.meta.dirname, "projects");

/** Skips the tests of a file if the tools of users are not installed; where CI should have done it, they fail. */
export function needsTools(): void {
  test.skip(
    !existsSync(TOOLS) && process.env["CI"] === undefined,
    "the tools of users are not installed: node scripts/install-user-tools.mjs does it",
  );
}

/** A folder outside of the repository with the tools, and projects in it. */
export class PackedProjects {
  readonly folder: string = mkdtempSync(join(tmpdir(), "cloche-packed-"));
  readonly #servers: ChildProcess[] = [];

  constructor() {
    const tools = existsSync(TOOLS) ? TOOLS : join(ROOT, "node_modules");
    symlinkSync(tools, join(this.folder, "node_modules"));
  }

  /** Makes a project with the library installed: the files of its folder in `projects`, and what all share. */
  create(name: string): string {
    const project = join(this.folder, name);
    for (const file of readdirSync(PROJECTS)) {
      if (!/\.(js|html)$/.test(file)) continue;
      cpSync(join(PROJECTS, file), join(project, file));
    }
    cpSync(join(PROJECTS, name), project, { recursive: true });
    writeFileSync(join(project, "package.json"), '{ "private": true, "type": "module" }\n');
    cpSync(PACKED, join(project, "node_modules/cloche"), { recursive: true });
    return project;
  }

  /** Builds a project. Returns the folder of its site. */
  build(name: string): string {
    const project = this.create(name);
    const site = join(project, "site");
    execFileSync(process.execPath, ["build.mjs"], {
      cwd: project,
      stdio: "pipe",
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    });
    if (!existsSync(join(site, "index.html")))
      cpSync(join(project, "index.html"), join(site, "index.html"));
    cpSync(join(project, "node_modules/cloche/dist/worker.js"), join(site, "worker.js"));
    return site;
  }

  /** Starts the development server of a project. Returns its address. */
  async serve(name: string): Promise<string> {
    const project = this.create(name);
    cpSync(join(ROOT, "public/plugins"), join(project, "public/plugins"), { recursive: true });
    const server = spawn(process.execPath, ["serve.mjs"], {
      cwd: project,
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#servers.push(server);
    const port = await new Promise((resolve, reject) => {
      server.stdout.once("data", resolve);
      server.once("exit", () => reject(new Error(`the server of ${name} ended`)));
    });
    return `http://localhost:${String(port).trim()}/`;
  }

  /** Ends all servers and removes everything. */
  remove(): void {
    for (const server of this.#servers) server.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
