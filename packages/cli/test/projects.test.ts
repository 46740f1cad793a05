import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build as bundle } from "vite";
import { beforeAll, describe, expect, test } from "vitest";
import { BIN, cloche, freshFolder } from "./program.test-kit.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
/** In the repository, so that projects find its packages without an installation. */
const PROJECTS = join(ROOT, "build/cli");

/** Cargo without what only debugging and the next build need, in the folder where scripts/build-guests.mjs has the same crates. */
const CARGO = {
  CARGO_PROFILE_DEV_DEBUG: "0",
  CARGO_INCREMENTAL: "0",
  CARGO_TARGET_DIR: join(ROOT, "build/guests/target"),
};

/** How long a build may take while other tests run beside it. */
const BUILD_MS = 60_000;

beforeAll(() => {
  rmSync(PROJECTS, { recursive: true, force: true });
  mkdirSync(PROJECTS, { recursive: true });
});

async function create(name: string, language: string): Promise<string> {
  const folder = join(PROJECTS, name);
  const ended = await cloche(["new", folder, "--lang", language, "--local", ROOT]);
  expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
  return folder;
}

describe("new, build and the project's test", () => {
  const languages = ["c", "assemblyscript", "javascript", "typescript", "rust"];

  test.for(languages)("work in %s", { timeout: 300_000 }, async (language, { skip }) => {
    const name = `my-${language}`;
    const folder = await create(name, language);
    const built = await cloche(["build"], { cwd: folder, env: CARGO });
    // CI has all toolchains.
    if (built.exitCode === 3 && process.env["CI"] === undefined) skip(built.stderr);
    expect(built.stderr).toMatch(new RegExp(`build/${name}\\.wasm: \\d+ KiB in [\\d.]+ s\n$`));
    expect(built).toMatchObject({ exitCode: 0, stdout: "" });
    expect(readdirSync(join(folder, "build")).toSorted()).toEqual([`${name}.d.ts`, `${name}.wasm`]);

    const tested = spawnSync(process.execPath, ["--test"], { cwd: folder, encoding: "utf8" });
    expect(tested.stdout).toContain("# pass 2\n# fail 0\n");
    const declarations = readFileSync(join(folder, "build", `${name}.d.ts`), "utf8");
    expect(declarations).toMatch(
      / {2}\/\*\* Doubles each number\. \*\/\n {2}double\(x: .*\): number\[\];/,
    );
    expect(declarations).toContain("greet(name: string): string;");
  });
});

test("the page of a project is bundled with its plugin", async () => {
  const folder = await create("page", "c");
  mkdirSync(join(folder, "build"));
  writeFileSync(join(folder, "build/page.wasm"), new Uint8Array(10_000));
  await bundle({ root: folder, logLevel: "error" });
  const assets = readdirSync(join(folder, "dist/assets"));
  expect(assets.filter((name) => /^page-.*\.wasm$/.test(name))).toHaveLength(1);
});

test("dev builds again after a change, also after one that fails, and runs a command", {
  timeout: 5 * BUILD_MS,
}, async ({ skip }) => {
  const folder = await create("dev", "c");
  const source = join(folder, "src/plugin.c");
  const good = readFileSync(source, "utf8");
  const told = "the command runs";
  const args = [
    "dev",
    "--",
    process.execPath,
    "-e",
    `console.log("${told}"); setInterval(() => {}, 1000)`,
  ];
  const child = spawn(process.execPath, [BIN, ...args], { cwd: folder });
  const closed = new Promise((done) => child.once("close", done));
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += String(chunk)));
  const isBuilt = () => output.includes("build/dev.wasm: ");
  try {
    await Promise.race([expect.poll(isBuilt, { timeout: BUILD_MS }).toBe(true), closed]);
    if (output.includes("no clang") && process.env["CI"] === undefined) skip(output);
    await expect.poll(() => output, { timeout: BUILD_MS }).toContain(told);

    output = "";
    writeFileSync(source, "int wrong = ;");
    await expect
      .poll(() => output, { timeout: BUILD_MS })
      .toMatch(/plugin\.c:1:13: error: .*\n[^]*cloche: Cannot build/);

    output = "";
    writeFileSync(source, good.replaceAll("Hello", "Howdy"));
    await expect.poll(isBuilt, { timeout: BUILD_MS }).toBe(true);
    const { stdout } = await cloche(["run", "build/dev.wasm", "greet", "Ada"], { cwd: folder });
    expect(stdout).toBe('"Howdy, Ada!"\n');
  } finally {
    child.kill();
    await closed;
  }
});

test("build says what to install when there is no toolchain, and what a project is", async () => {
  const folder = await create("missing", "c");
  const missing = await cloche(["build"], { cwd: folder, env: { PATH: "", WASI_SDK_PATH: "" } });
  expect(missing).toMatchObject({ exitCode: 3, stdout: "" });
  expect(missing.stderr).toContain("apt-get install clang");

  const empty = await cloche(["build", freshFolder()]);
  expect(empty).toMatchObject({ exitCode: 1, stdout: "" });
  expect(empty.stderr).toContain("Cargo.toml (Rust)");
});

test("new refuses what it would break or cannot do", async () => {
  const full = freshFolder();
  writeFileSync(join(full, "kept"), "");
  const wrong = [
    [["new", join(full, "Kept Ones"), "--lang", "c"], "Invalid name"],
    [["new", join(ROOT, "packages"), "--lang", "c"], "is not empty"],
    [
      ["new", join(full, "double"), "--lang", "cobol"],
      'Unknown language "cobol" (must be one of rust,',
    ],
    [["new", join(full, "double"), "--lang", "c", "--local", full], "no clone"],
    [["new", join(full, "double")], "Missing --lang"],
  ] as const;
  const ended = await Promise.all(wrong.map(([args]) => cloche(args)));
  for (const [index, [, message]] of wrong.entries()) {
    expect(ended[index]).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ended[index]?.stderr).toContain(message);
  }
  expect(readdirSync(full)).toEqual(["kept"]);
});
