/** What the modules of a plugin import: types that a schema knows, and the files of the plugin. */

export type u8 = number;
export type u16 = number;
export type u32 = number;
export type u64 = bigint;
export type u128 = bigint;
export type i8 = number;
export type i16 = number;
export type i32 = number;
export type i64 = bigint;
export type i128 = bigint;
export type f32 = number;
export type f64 = number;
/** A string of one character. */
export type char = string;

/** A length of time. */
export interface Duration {
  seconds: u64;
  nanoseconds: u32;
}

/** A value, or what went wrong. */
export type Result<Value, Failure> = { ok: true; value: Value } | { ok: false; error: Failure };

/** An array of a fixed length. */
export type FixedArray<Item, Length extends number> = Item[] & { length: Length | number };

/** Bytes of a fixed length. */
export type FixedBytes<Length extends number> = Uint8Array & { length: Length | number };

declare const resource: unique symbol;

/**
 * An object of the page, which the plugin owns: `type Rope = Resource<"Rope">`. The plugin gives it up by
 * returning it, by passing it to a host function, or with `drop`.
 */
export interface Resource<Name extends string> {
  readonly [resource]: Name;
  /** Tells the page that the plugin no longer needs it. Does nothing the second time. */
  drop(): void;
  [Symbol.dispose](): void;
}

/** An object of the page, until the call is over. */
export interface Borrow<Owned extends Resource<string>> {
  readonly [resource]: Owned[typeof resource];
}

function outside(name: string): never {
  throw new Error(`"${name}" works only in a plugin: build it with @cloche/javascript/build`);
}

/**
 * Returns a function of the page, for JavaScript, which has no `declare function`. The type stands before
 * the constant, at the top of a module:
 *
 * ```js
 * /** @type {(command: string) => Uint8Array} *\/
 * const run = hostFunction("run");
 * ```
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the constant gives its type
export function hostFunction<Call extends (...values: never[]) => unknown>(_name: string): Call {
  return outside("hostFunction");
}

/** Reads a file of the plugin. Paths begin at `/`. */
export function readFile(_path: string): Uint8Array {
  return outside("readFile");
}

/** Reads a file of the plugin as UTF-8. */
export function readTextFile(_path: string): string {
  return outside("readTextFile");
}

/** Creates or replaces a file of the plugin. */
export function writeFile(_path: string, _content: string | Uint8Array): void {
  outside("writeFile");
}

/** Reads standard input to its end. */
export function readInput(): Uint8Array {
  return outside("readInput");
}

/** Reads standard input to its end, as UTF-8. */
export function readTextInput(): string {
  return outside("readTextInput");
}

/** Writes to standard output, without a line end. */
export function print(_content: string | Uint8Array): void {
  outside("print");
}

/** Writes to standard error, without a line end. */
export function printError(_content: string | Uint8Array): void {
  outside("printError");
}
