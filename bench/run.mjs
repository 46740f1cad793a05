// Builds the library and the bench, runs it in Chromium and prints what came out.
//
//   npm run bench -- [--only <group>] [--json <file>] [--timeout <seconds>]
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { openBrowser } from "./browser.mjs";
import { describeTables } from "./report.mjs";
import { serveBench } from "./server.mjs";

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    json: { type: "string" },
    timeout: { type: "string", default: "300" },
  },
});

const root = resolve(import.meta.dirname, "..");
const scripts = join(root, "build/bench");
process.chdir(root);
execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
await build({
  entryPoints: ["page", "bare-worker", "comlink-worker"].map((name) => `bench/${name}.ts`),
  outdir: scripts,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
});

const tables = await runInBrowser();
console.log(describeTables(tables));
if (options.json !== undefined) {
  const environment = { cores: availableParallelism(), platform: process.platform };
  await writeFile(options.json, `${JSON.stringify({ environment, tables }, undefined, 2)}\n`);
}

/** Runs the bench page until it is done, has failed, or its time is up. */
async function runInBrowser() {
  const tables = [];
  const ending = withResolvers();
  const server = await serveBench({
    scripts,
    plugins: join(root, "public/plugins"),
    onReport: (what, body) => {
      if (what === "tables") tables.push(...body);
      else if (what === "done") ending.resolve();
      else ending.reject(new Error(body.message));
    },
  });
  const stop = () => ending.reject(new Error("Cannot finish the bench: interrupted"));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
  const seconds = Number(options.timeout);
  const timer = setTimeout(() => {
    ending.reject(new Error(`Cannot finish the bench: still running after ${seconds} s`));
  }, seconds * 1000);
  const search =
    options.only === undefined ? "" : `?${new URLSearchParams({ only: options.only })}`;
  let browser;
  try {
    browser = await openBrowser(server.address + search);
    void browser.exited.then((said) => {
      ending.reject(new Error(`Cannot finish the bench: the browser ended\n${said}`));
    });
    await ending.promise;
  } finally {
    clearTimeout(timer);
    await browser?.close();
    server.close();
  }
  return tables;
}

function withResolvers() {
  const ending = {};
  ending.promise = new Promise((resolve, reject) => Object.assign(ending, { resolve, reject }));
  return ending;
}
