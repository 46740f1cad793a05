import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { cloche, freshFolder, published, writeModules } from "./program.test-kit.ts";

const folder = freshFolder();
const echo = join(folder, "echo.wasm");
const host = ["--host", join(folder, "host.mjs")];

beforeAll(() => writeModules(folder));

/** One value of each type, as JSON has it. */
const ALL = {
  flag: true,
  small: 255,
  big: "18446744073709551615",
  huge: 7,
  float: 1.5,
  double: "-Infinity",
  letter: "é",
  text: 'a "b"\n',
  bytes: "AAEC",
  fixed: "/w8=",
  span: { seconds: 3, nanoseconds: 5 },
  nothing: null,
  numbers: [-1, 300],
  bigs: [-1, "9007199254740993"],
  floats: ["NaN", "-0", 0.5],
  list: [1, 2],
  unique: ["x", "y"],
  named: { one: 1, __proto__x: 2 },
  keyed: [[1, "one"]],
  maybe: 4,
  none: null,
  some_none: { some: null },
  some_unit: { some: null },
  good: { ok: true, value: 1 },
  bad: { ok: false, error: "no" },
  pair: [1, "one"],
  shapes: [
    { type: "Circle", value: [{ x: 0, y: 1 }, 2] },
    { type: "Label", value: { text: "here" } },
    { type: "Empty" },
  ],
  tree: { value: 1, children: [{ value: 2, children: [] }] },
};

describe("run with a function", () => {
  test("takes and prints a value of every type as JSON", async () => {
    const ended = await cloche(["run", echo, "all", JSON.stringify(ALL), ...host]);
    expect(ended.stderr).toBe("");
    expect(JSON.parse(ended.stdout)).toEqual(ALL);
    expect(ended.stdout.split("\n")).toHaveLength(2);
    expect(ended.exitCode).toBe(0);
  });

  test("takes the other forms: lists of bytes, pairs, and JSON from stdin", async () => {
    const other = { ...ALL, bytes: [0, 1, 2], named: Object.entries(ALL.named), big: 1 };
    const ended = await cloche(["run", echo, "all", "-", ...host], {
      stdin: JSON.stringify(other),
    });
    expect(JSON.parse(ended.stdout)).toEqual({ ...ALL, big: 1 });
  });

  test("takes text without quotes, and numbers below 0", async () => {
    const text = await cloche(["run", echo, "text", '12 "x"', ...host]);
    expect(text.stdout).toBe('"12 \\"x\\""\n');
    const number = await cloche(["run", echo, "number", "-1.5", ...host]);
    expect(number.stdout).toBe("-1.5\n");
  });

  test("lends the functions of --host, and names those that are missing", async () => {
    const lent = await cloche(["run", echo, "loud", "hey", ...host]);
    expect(lent.stdout).toBe('"hey!"\n');
    const missing = await cloche(["run", echo, "loud", "hey"]);
    expect(missing).toMatchObject({ exitCode: 1, stdout: "" });
    expect(missing.stderr).toMatch(/^cloche: Cannot link plugin "echo": .*"shout".*\n$/);
  });

  test("uses the schema that is given for a plugin without one", async () => {
    const bare = join(folder, "bare.wasm");
    const refused = await cloche(["run", bare, "text", "x", ...host]);
    expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
    expect(refused.stderr).toContain("pass --schema");
    const schema = "fn text(x: u32) -> u32; import fn shout(text: string) -> string";
    const ended = await cloche(["run", bare, "text", "7", "--schema", schema, ...host]);
    expect(ended.stdout).toBe("7\n");
  });

  test("names what is wrong with an argument", async () => {
    const bad = (part: object) => JSON.stringify({ ...ALL, ...part });
    const wrong = [
      [["all", "{"], 2, 'Cannot read argument "all" as JSON'],
      [["all", bad({ small: 256 })], 1, "small"],
      [["all", bad({ big: 2 ** 53 })], 2, 'Invalid argument "all".big'],
      [["all", bad({ bytes: "%" })], 2, "no base64"],
      [["text"], 2, "text(text: string) -> string takes 1 arguments, and got 0"],
      [["nothing"], 2, 'has no function "nothing"; it has\n  all(all: All) -> All'],
      [["thing", "1"], 2, "JSON has no objects of the page"],
    ] as const;
    const ended = await Promise.all(wrong.map(([args]) => cloche(["run", echo, ...args, ...host])));
    for (const [index, [, exitCode, message]] of wrong.entries()) {
      expect(ended[index]).toMatchObject({ exitCode, stdout: "" });
      expect(ended[index]?.stderr).toContain(message);
      expect(ended[index]?.stderr).not.toContain("    at ");
    }
  });

  test("tells a timeout and a trap by the exit code", async () => {
    const spin = await cloche(["run", echo, "spin", "--timeout", "50", ...host]);
    expect(spin).toMatchObject({ exitCode: 124, stdout: "" });
    expect(spin.stderr).toBe('cloche: Call "spin" of plugin "echo" timed out after 50 ms\n');
    const trap = await cloche(["run", echo, "trap", ...host]);
    expect(trap).toMatchObject({ exitCode: 1, stdout: "" });
    expect(trap.stderr).toContain("unreachable");
  });

  test("shows where a trap is in the source, from DWARF and from the source map beside a module", async () => {
    const languages = ["c", "assemblyscript"];
    const ended = languages.map((language) =>
      cloche(["run", published(`fixtures/lines-${language}.wasm`), "trap", "3"]),
    );
    const [c, assemblyscript] = await Promise.all(ended);
    expect(c?.stderr).toContain("\n  at fall (examples/lines-fall.c:6:5)\n");
    expect(assemblyscript?.stderr).toContain("(examples/lines.ts:14:7)\n");
  });
});

describe("run with a command", () => {
  const tool = published("tool.wasm");

  test("passes arguments, stdin, stdout and the exit code on", async () => {
    const cat = await cloche(["run", tool, "--", "cat"], { stdin: "one\ntwo" });
    expect(cat).toMatchObject({ exitCode: 0, stdout: "one\ntwo", stderr: "" });
    const exit = await cloche(["run", tool, "--", "exit", "3"]);
    expect(exit).toMatchObject({ exitCode: 3, stdout: "" });
  });

  test("passes bytes on that are not UTF-8", async () => {
    const bytes = Buffer.from([0x61, 0xff, 0x00, 0xc3, 0x62, 0xc3, 0xa9]);
    mkdirSync(join(folder, "binary"));
    writeFileSync(join(folder, "binary/file"), bytes);
    const args = ["run", tool, "--dir", join(folder, "binary"), "--", "show", "/file"];
    expect((await cloche(args)).stdoutBytes).toEqual(bytes);
  });

  test("writes into a folder only when it is told to, and never through a link", async () => {
    const data = join(folder, "data");
    mkdirSync(data);
    writeFileSync(join(data, "kept.txt"), "kept");
    const save = (name: string, ...options: string[]) =>
      cloche([
        "run",
        tool,
        "--dir",
        `${data}::/work`,
        ...options,
        "--",
        "save",
        `/work/${name}`,
        "new",
      ]);
    expect(await save("a.txt")).toMatchObject({ exitCode: 0 });
    expect(readdirSync(data)).toEqual(["kept.txt"]);
    expect(await save("a.txt", "--write")).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(data, "a.txt"), "utf8")).toBe("new");
    symlinkSync(join(folder, "outside"), join(data, "link.txt"));
    const linked = await save("link.txt", "--write");
    expect(linked).toMatchObject({ exitCode: 0, stderr: "" });
    expect(readdirSync(folder)).not.toContain("outside");
  });

  test("says how to run what it was given", async () => {
    const command = await cloche(["run", tool, "show", "/file"]);
    expect(command).toMatchObject({ exitCode: 2, stdout: "" });
    expect(command.stderr).toContain("is a command: write -- before its arguments");
    const folderless = await cloche(["run", tool, "--dir", join(folder, "nothing")]);
    expect(folderless.stderr).toMatch(/^cloche: Cannot read folder ".*nothing": ENOENT.*\n$/);
    const ended = await cloche(["run", echo]);
    expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ended.stderr).toContain("Say which function");
    expect(ended.stderr).toContain("  loud(text: string) -> string\n");
  });
});
