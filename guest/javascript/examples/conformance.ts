/** The conformance guest (guest/conformance). */
import {
  type Borrow,
  type char,
  type Duration,
  type FixedArray,
  type f32,
  type i8,
  type i16,
  type i32,
  type i64,
  type i128,
  printError,
  print as printText,
  type Resource,
  type Result,
  readTextFile,
  readTextInput,
  type u8,
  type u16,
  type u32,
  type u64,
  type u128,
  writeFile,
} from "@cloche/javascript";

/** A point of the plane. */
export interface Point {
  x: number;
  y: number;
}

export interface Tree {
  label: string;
  children: Tree[];
}

/** A figure. */
export type Shape =
  | { type: "Circle"; value: { center: Point; radius: number } }
  /** Corners, in order. */
  | { type: "Polygon"; value: { corners: Point[] } }
  | { type: "Empty" };

export type Rope = Resource<"Rope">;

declare function run(command: string): Uint8Array;
declare function scale(point: Point, factor: number): Point;
/** The length of a rope in characters. */
declare function rope_length(text: Borrow<Rope>): u64;
/** The characters from start to end, or to the rope's end. */
declare function rope_slice(text: Borrow<Rope>, start: u64, end: u64): string;

/** Does nothing. */
export function nothing() {}

export const echo_bool = (value: boolean): boolean => value;
export const echo_u8 = (value: u8): u8 => value;
export const echo_u16 = (value: u16): u16 => value;
export const echo_u32 = (value: u32): u32 => value;
export const echo_u64 = (value: u64): u64 => value;
export const echo_u128 = (value: u128): u128 => value;
export const echo_i8 = (value: i8): i8 => value;
export const echo_i16 = (value: i16): i16 => value;
export const echo_i32 = (value: i32): i32 => value;
export const echo_i64 = (value: i64): i64 => value;
export const echo_i128 = (value: i128): i128 => value;
export const echo_f32 = (value: f32): f32 => value;
export const echo_f64 = (value: number): number => value;
export const echo_char = (value: char): char => value;
export const echo_string = (value: string): string => value;
export const echo_bytes = (value: Uint8Array): Uint8Array => value;
export const echo_duration = (value: Duration): Duration => value;
export const echo_numbers = (value: number[]): number[] => value;
export const echo_floats = (value: Float32Array): Float32Array => value;
export const echo_strings = (value: readonly string[]): readonly string[] => value;
export const echo_nested = (value: u32[][]): u32[][] => value;
export const echo_array = (value: FixedArray<i32, 3>): FixedArray<i32, 3> => value;
export const echo_tuple = (value: [u8, string]): [u8, string] => value;
export const echo_option = (value: string | null): string | null => value;
export const echo_option_point = (value: Point | null): Point | null => value;
export const echo_map = (value: Map<string, u32>): Map<string, u32> => value;
export const echo_set = (value: Set<string>): Set<string> => value;
export const echo_point = (value: Point): Point => value;
export const echo_tree = (value: Tree): Tree => value;
export const echo_shape = (value: Shape): Shape => value;
export const echo_shapes = (value: Shape[]): Shape[] => value;

/** Joins words. Of several parameters. */
export function join(words: string[], separator: string): string {
  return words.join(separator);
}

/** The quotient; "division by zero" where b is 0. */
export function divide(a: number, b: number): Result<number, string> {
  return b === 0 ? { ok: false, error: "division by zero" } : { ok: true, value: a / b };
}

/** What the host function `run` answers. */
export function ask(command: string): Uint8Array {
  return run(command);
}

/** What the host function `scale` answers. */
export async function scaled(point: Point, factor: number): Promise<Point> {
  return scale(point, factor);
}

/** The content of a file as text. Fails as `fail` does, where there is none. */
export function read_file(path: string): string {
  return readTextFile(path);
}

export function write_file(path: string, text: string) {
  writeFile(path, text);
}

/** All that is left of standard input, as text. */
export function read_input(): string {
  return readTextInput();
}

/** Writes to standard output and to standard error, without a line end. */
export function print(output: string, error: string) {
  printText(output);
  printError(error);
}

/** Fails as the language does: a panic, an exception. The message reaches standard error. */
export function fail(message: string) {
  throw new Error(message);
}

/** Never ends. */
export function spin() {
  for (;;);
}

const CHUNK = 1000n;

/** Counts the line ends of a rope, by chunks of 1000 characters. */
export function count_lines(text: Borrow<Rope>): u64 {
  let lines = 0n;
  const length = rope_length(text);
  for (let start = 0n; start < length; start += CHUNK)
    lines += BigInt(rope_slice(text, start, start + CHUNK).split("\n").length - 1);
  return lines;
}

let kept: Rope | null = null;

/** Keeps a rope, and drops what was kept before. */
export function keep(text: Rope) {
  release();
  kept = text;
}

/** The length of the rope that was kept. */
export function kept_length(): u64 | null {
  return kept && rope_length(kept);
}

/** Drops what was kept. */
export function release() {
  kept?.drop();
  kept = null;
}

/** Gives back what was kept, which it then keeps no longer. */
export function give_back(): Rope | null {
  const given = kept;
  kept = null;
  return given;
}
