// The conformance guest: see guest/conformance.
import {
  Borrow,
  Box,
  Char,
  Duration,
  I128,
  Resource,
  Result,
  Tuple,
  U128,
  print as writeOutput,
  printError,
  readTextFile,
  readTextInput,
  writeTextFile,
} from "@cloche/assemblyscript";

/** A point of the plane. */
class Point {
  x: f64 = 0;
  y: f64 = 0;
}

class Entry extends Tuple {
  number: u8 = 0;
  text: string = "";
}

/** An array of three, which has the bytes of a tuple. */
class Triple extends Tuple {
  first: i32 = 0;
  second: i32 = 0;
  third: i32 = 0;
}

class Tree {
  label: string = "";
  children: Tree[] = [];
}

/** A figure. */
abstract class Shape {}

class Circle extends Shape {
  center: Point = new Point();
  radius: f64 = 0;
}

class Polygon extends Shape {
  /** Corners, in order. */
  corners: Point[] = [];
}

class Empty extends Shape {}

class Rope extends Resource {}

/** Does nothing. */
export function nothing(): void {}

export function echo_bool(value: bool): bool {
  return value;
}
export function echo_u8(value: u8): u8 {
  return value;
}
export function echo_u16(value: u16): u16 {
  return value;
}
export function echo_u32(value: u32): u32 {
  return value;
}
export function echo_u64(value: u64): u64 {
  return value;
}
export function echo_u128(value: U128): U128 {
  return value;
}
export function echo_i8(value: i8): i8 {
  return value;
}
export function echo_i16(value: i16): i16 {
  return value;
}
export function echo_i32(value: i32): i32 {
  return value;
}
export function echo_i64(value: i64): i64 {
  return value;
}
export function echo_i128(value: I128): I128 {
  return value;
}
export function echo_f32(value: f32): f32 {
  return value;
}
export function echo_f64(value: f64): f64 {
  return value;
}
export function echo_char(value: Char): Char {
  return value;
}
export function echo_string(value: string): string {
  return value;
}
export function echo_bytes(value: Uint8Array): Uint8Array {
  return value;
}
export function echo_duration(value: Duration): Duration {
  return value;
}
export function echo_numbers(value: f64[]): f64[] {
  return value;
}
export function echo_floats(value: Float32Array): Float32Array {
  return value;
}
export function echo_strings(value: string[]): string[] {
  return value;
}
export function echo_nested(value: u32[][]): u32[][] {
  return value;
}
export function echo_array(value: Triple): Triple {
  return value;
}
export function echo_tuple(value: Entry): Entry {
  return value;
}
export function echo_option(value: string | null): string | null {
  return value;
}
export function echo_option_point(value: Point | null): Point | null {
  return value;
}
export function echo_map(value: Map<string, u32>): Map<string, u32> {
  return value;
}
export function echo_set(value: Set<string>): Set<string> {
  return value;
}
export function echo_point(value: Point): Point {
  return value;
}
export function echo_tree(value: Tree): Tree {
  return value;
}
export function echo_shape(value: Shape): Shape {
  return value;
}
export function echo_shapes(value: Shape[]): Shape[] {
  return value;
}

/** Joins words. Of several parameters. */
export function join(words: string[], separator: string): string {
  return words.join(separator);
}

/** The quotient; "division by zero" where b is 0. */
export function divide(a: f64, b: f64): Result<f64, string> {
  if (b == 0) return Result.error<f64, string>("division by zero");
  return Result.ok<f64, string>(a / b);
}

declare function run(command: string): Uint8Array;
declare function scale(point: Point, factor: f64): Point;

/** What the host function `run` answers. */
export function ask(command: string): Uint8Array {
  return run(command);
}

/** What the host function `scale` answers. */
export function scaled(point: Point, factor: f64): Point {
  return scale(point, factor);
}

/** The content of a file as text. Fails as `fail` does, where there is none. */
export function read_file(path: string): string {
  return readTextFile(path);
}

export function write_file(path: string, text: string): void {
  writeTextFile(path, text);
}

/** All that is left of standard input, as text. */
export function read_input(): string {
  return readTextInput();
}

/** Writes to standard output and to standard error, without a line end. */
export function print(output: string, error: string): void {
  writeOutput(output);
  printError(error);
}

/** Fails as the language does: a panic, an exception. The message reaches standard error. */
export function fail(message: string): void {
  throw new Error(message);
}

/** Never ends. */
export function spin(): void {
  while (true) {}
}

/** The length of a rope in characters. */
declare function rope_length(text: Borrow<Rope>): u64;
/** The characters from start to end, or to the rope's end. */
declare function rope_slice(text: Borrow<Rope>, start: u64, end: u64): string;

const CHUNK: u64 = 1000;
let kept: Rope | null = null;

/** Counts the line ends of a rope, by chunks of 1000 characters. */
export function count_lines(text: Borrow<Rope>): u64 {
  const length = rope_length(text);
  let count: u64 = 0;
  for (let start: u64 = 0; start < length; start += CHUNK) {
    const chunk = rope_slice(text, start, start + CHUNK);
    for (let i = 0; i < chunk.length; ++i) {
      if (chunk.charCodeAt(i) == 0x0a) ++count;
    }
  }
  return count;
}

/** Keeps a rope, and drops what was kept before. */
export function keep(text: Rope): void {
  release();
  kept = text;
}

/** The length of the rope that was kept. */
export function kept_length(): Box<u64> | null {
  const rope = kept;
  return rope === null ? null : new Box<u64>(rope_length(Borrow.of<Rope>(rope)));
}

/** Drops what was kept. */
export function release(): void {
  const rope = kept;
  if (rope !== null) rope.drop();
  kept = null;
}

/** Gives back what was kept, which it then keeps no longer. */
export function give_back(): Rope | null {
  const rope = kept;
  kept = null;
  return rope;
}
