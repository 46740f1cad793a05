/** Runs the program as a user does, on plugins made by hand. */

import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { hex, wat } from "../../../src/abi/wat.test-kit.ts";
import { withSchema } from "../src/module/read-module.ts";

export const BIN = resolve(import.meta.dirname, "../bin/cloche.js");

/** How a run of the program ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stdoutBytes: Buffer;
  readonly stderr: string;
}

/** Runs `cloche` with arguments. */
export async function cloche(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly stdin?: string;
    readonly env?: Record<string, string>;
  } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
  });
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  const [stdoutBytes, stderr, exitCode] = await Promise.all([
    buffer(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.once("close", done)),
  ]);
  return { exitCode, stdout: stdoutBytes.toString(), stdoutBytes, stderr };
}

/** A fresh folder for the files of a test. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), "cloche-cli-"));
}

/** Functions that return their argument's bytes, as values of any type. */
const ECHOES = ["all", "text", "number", "thing"];

const ECHO = `(module
  (import "env" "__shout" (func $shout (param i64) (result i64)))
  (memory (export "memory") 2)
  (func (export "__alloc_buffer") (param i32) (result i32) (i32.const 1024))
  (func (export "__free_buffer") (param i64))
  (func ${ECHOES.map((name) => `(export "__${name}")`).join(" ")} (param i64) (result i64) (local.get 0))
  (func (export "__loud") (param i64) (result i64) (call $shout (local.get 0)))
  (func (export "__spin") (param i64) (result i64) (loop $l (br $l)) (unreachable))
  (func (export "__trap") (param i64) (result i64) (unreachable)))`;

const ECHO_SCHEMA = `
  struct Point { x: f64, y: f64 }
  enum Shape { Circle(Point, f64), Label { text: string }, Empty }
  struct Tree { value: i32, children: vec<Tree> }
  struct All {
    flag: bool, small: u8, big: u64, huge: u128, float: f32, double: f64, letter: char,
    text: string, bytes: bytes, fixed: fixedBytes<2>, span: duration, nothing: (),
    numbers: i16Array, bigs: i64Array, floats: f64Array, list: vec<u32>, unique: set<string>,
    named: map<string, u8>, keyed: map<u8, string>, maybe: option<u8>, none: option<u8>,
    some_none: option<option<u8>>, some_unit: option<()>, good: result<u8, string>,
    bad: result<u8, string>, pair: (u8, string), shapes: vec<Shape>, tree: Tree,
  }
  resource Rope;
  fn all(all: All) -> All;
  fn text(text: string) -> string;
  fn number(x: f64) -> f64;
  fn thing(rope: borrow<Rope>);
  /// Says it louder.
  fn loud(text: string) -> string;
  fn spin();
  fn trap();
  import fn shout(text: string) -> string;`;

/** Writes the plugins of the tests into a folder: `echo.wasm`, and `bare.wasm` without a schema. */
export function writeModules(folder: string): void {
  const bare = wat(ECHO);
  writeFileSync(join(folder, "bare.wasm"), bare);
  writeFileSync(join(folder, "echo.wasm"), withSchema(bare, ECHO_SCHEMA));
  writeFileSync(join(folder, "none.wasm"), hex("00 61 73 6d 01 00 00 00"));
  writeFileSync(join(folder, "echo.schema"), ECHO_SCHEMA);
  writeFileSync(join(folder, "host.mjs"), "export const shout = async (text) => `${text}!`;\n");
}

/** The file of a plugin of the repository. */
export function published(name: string): string {
  return resolve(import.meta.dirname, "../../../public/plugins", name);
}
