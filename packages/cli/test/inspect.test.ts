import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { hex, PLUGIN_EXPORTS, wat } from "../../../src/abi/wat.test-kit.ts";
import { withSchema } from "../src/module/read-module.ts";
import { cloche, freshFolder, published, writeModules } from "./program.test-kit.ts";

const folder = freshFolder();
const echo = join(folder, "echo.wasm");

beforeAll(() => writeModules(folder));

describe("inspect", () => {
  test("tells the functions with their types, and that the plugin loads", async () => {
    const { exitCode, stdout, stderr } = await cloche(["inspect", echo]);
    expect(stderr).toBe("");
    expect(stdout).toContain("echo: a plugin: loadPlugin loads it\n");
    expect(stdout).toContain("  loud(text: string) -> string\n      Says it louder.\n");
    expect(stdout).toContain("Host functions\n  shout(text: string) -> string\n");
    expect(stdout).toMatch(/ memoryBytes +128.0 KiB of 1.0 GiB\n/);
    expect(stdout).toMatch(/\nCloche loads it\.\n$/);
    expect(exitCode).toBe(0);
  });

  test("prints all of it as JSON on one line", async () => {
    const { stdout } = await cloche(["inspect", echo, "--json"]);
    expect(stdout.split("\n")).toHaveLength(2);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ role: "plugin", loads: true, hostFunctions: ["shout"] });
    expect(report.imports).toEqual([
      { module: "env", name: "__shout", kind: "function", type: "(i64) -> i64" },
    ]);
    expect(report.limits).toContainEqual({ limit: "memories", value: 1, allowed: 1 });
    expect(report.limits.map(({ limit }: { limit: string }) => limit)).toContain(
      "functionComplexity",
    );
    expect(report.schema.functions).toHaveLength(7);
  });

  test("passes nothing on that a terminal obeys", async () => {
    const name = "x\u001b[2J\u009b1m\u202e\ny";
    const path = join(folder, "escape.wasm");
    const schema = `fn ${JSON.stringify(name)}(); /// \u001b[31mred\nstruct S {}`;
    writeFileSync(
      path,
      withSchema(new Uint8Array(readFileSync(join(folder, "bare.wasm"))), schema),
    );
    const { stdout, stderr } = await cloche(["inspect", path]);
    expect(stdout).toContain("S = {}");
    expect(`${stdout}${stderr}`).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });

  test("says why a module is refused", async () => {
    const { exitCode, stdout } = await cloche(["inspect", join(folder, "none.wasm")]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("neither a plugin nor a command");
    expect(stdout).toContain('export "__alloc_buffer" is missing');
  });

  test("shows where the start of a module traps, with the source map beside it", async () => {
    const path = join(folder, "start.wasm");
    const section = hex("00 13 10 73 6f 75 72 63 65 4d 61 70 70 69 6e 67 55 52 4c 01 78");
    const text = `(module ${PLUGIN_EXPORTS} (func $setup (unreachable)) (start $setup))`;
    writeFileSync(path, Buffer.concat([wat(text, true), section]));
    const map = { version: 3, sources: ["src/setup.ts"], mappings: "AAMI" };
    writeFileSync(`${path}.map`, JSON.stringify(map));
    const { exitCode, stdout } = await cloche(["inspect", path]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/trapped: .*unreachable\n {4}at setup \(src\/setup\.ts:7:5\)\n$/);
  });

  test("does not run a command", async () => {
    const { exitCode, stdout } = await cloche(["inspect", published("tool.wasm")]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("a command: runCommand runs it");
    expect(stdout).toContain("fd_prestat_get");
  });

  test("refuses what is no module in one line", async () => {
    const { exitCode, stderr } = await cloche(["inspect", import.meta.filename]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^cloche: Cannot read ".*inspect.test.ts": it is no Wasm module\n$/);
  });
});

describe("types", () => {
  test("prints declarations, named after the file or by --name", async () => {
    const { stdout } = await cloche(["types", echo]);
    expect(stdout).toContain("export interface Echo {");
    expect(stdout).toContain("export interface EchoHost {");
    expect(stdout).toContain("  loud(text: string): string;");
    const out = join(folder, "words.d.ts");
    const ended = await cloche(["types", echo, "--name", "Words", "--out", out]);
    expect(ended).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    expect(readFileSync(out, "utf8")).toBe(stdout.replaceAll("Echo", "Words"));
  });

  test("says what to do for a plugin without a schema", async () => {
    const ended = await cloche(["types", join(folder, "bare.wasm")]);
    expect(ended).toMatchObject({ exitCode: 1, stdout: "" });
    expect(ended.stderr).toContain("pass --schema");
    const schema = join(folder, "echo.schema");
    const given = await cloche(["types", join(folder, "bare.wasm"), "--schema", schema]);
    expect(given.stdout).toContain("export interface Bare {");
  });
});

describe("the command line", () => {
  test("has help for each command, and names what it does not know", async () => {
    const overview = await cloche(["--help"]);
    expect(overview.exitCode).toBe(0);
    const names = [...overview.stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name ?? "");
    expect(names).toEqual(expect.arrayContaining(["inspect", "types", "run"]));
    const helps = await Promise.all(names.map((name) => cloche([name, "--help"])));
    for (const [index, help] of helps.entries()) {
      expect(help).toMatchObject({ exitCode: 0, stderr: "" });
      expect(help.stdout).toContain(`Usage: cloche ${names[index]}`);
    }
    const wrong = await cloche(["types", echo, "--nmae", "X"]);
    expect(wrong).toMatchObject({ exitCode: 2, stdout: "" });
    expect(wrong.stderr).toBe("cloche: Unknown option '--nmae'\nSee cloche types --help\n");
    expect(await cloche(["rnu"])).toMatchObject({ exitCode: 2, stdout: "" });
  });

  test("ends quietly when nobody reads its output any more", async () => {
    const bin = join(import.meta.dirname, "../bin/cloche.js");
    const child = spawn(process.execPath, [bin, "inspect", echo, "--json"]);
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += String(chunk)));
    const exitCode = await new Promise((done) => child.once("close", done));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });
});
