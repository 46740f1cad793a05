/**
 * Reads names in Rust's "v0" form, such as `_RNvCs1VQLGaR7mhK_5probe4fail`.
 *
 * Source: https://doc.rust-lang.org/rustc/symbol-mangling/v0.html
 */

/**
 * The most paths, types and constants of a name. References back make a short name a long one, and
 * this bounds time, depth and length.
 */
const MAX_STEPS = 1000;

/** Returns `undefined` for what has another form, or parts that are not read here: Punycode, and constants of structures. */
export function readRustV0Name(name: string): string | undefined {
  const mangled = /^_R([A-Z]\w*)/.exec(name)?.[1];
  if (mangled === undefined) return undefined;
  try {
    return new NameReader(mangled).path(true);
  } catch (error) {
    if (error instanceof UnknownForm) return undefined;
    throw error;
  }
}

class UnknownForm extends Error {}

const BASIC_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: "i8",
    b: "bool",
    c: "char",
    d: "f64",
    e: "str",
    f: "f32",
    h: "u8",
    i: "isize",
    j: "usize",
    l: "i32",
    m: "u32",
    n: "i128",
    o: "u128",
    p: "_",
    s: "i16",
    t: "u16",
    u: "()",
    v: "...",
    x: "i64",
    y: "u64",
    z: "!",
  }),
);

class NameReader {
  readonly #mangled: string;
  #position = 0;
  #steps = 0;
  /** How many lifetimes the binders around this position have. */
  #lifetimes = 0;

  constructor(mangled: string) {
    this.#mangled = mangled;
  }

  /** @param isValue Whether generic arguments follow `::`, as they do outside of types. */
  path(isValue: boolean): string {
    const tag = this.#step();
    switch (tag) {
      case "C":
        return this.#identifier().name;
      case "M":
        this.#implementation();
        return `<${this.#type()}>`;
      case "X":
        this.#implementation();
        return `<${this.#type()} as ${this.path(false)}>`;
      case "Y":
        return `<${this.#type()} as ${this.path(false)}>`;
      case "N":
        return this.#nested(isValue);
      case "I":
        return `${this.path(isValue)}${isValue ? "::" : ""}<${this.#generics().join(", ")}>`;
      case "B":
        return this.#back(() => this.path(isValue));
      default:
        throw new UnknownForm();
    }
  }

  /** Where the implementation is, which its types tell better. */
  #implementation(): void {
    this.#disambiguator();
    this.path(false);
  }

  #nested(isValue: boolean): string {
    const namespace = this.#next();
    const parent = this.path(isValue);
    const { name, disambiguator } = this.#identifier();
    if (/[a-z]/.test(namespace)) return name === "" ? parent : `${parent}::${name}`;
    const kind = { C: "closure", S: "shim" }[namespace] ?? namespace;
    return `${parent}::{${kind}${name === "" ? "" : `:${name}`}#${disambiguator}}`;
  }

  #generics(): string[] {
    return this.#untilEnd(() => {
      if (this.#skip("L")) return this.#lifetime();
      return this.#skip("K") ? this.#constant() : this.#type();
    });
  }

  #type(): string {
    const tag = this.#step();
    const basic = BASIC_TYPES.get(tag);
    if (basic !== undefined) return basic;
    switch (tag) {
      case "A":
        return `[${this.#type()}; ${this.#constant()}]`;
      case "S":
        return `[${this.#type()}]`;
      case "T": {
        const types = this.#untilEnd(() => this.#type());
        return types.length === 1 ? `(${types[0]},)` : `(${types.join(", ")})`;
      }
      case "R":
        return `&${this.#lifetimeOfReference()}${this.#type()}`;
      case "Q":
        return `&${this.#lifetimeOfReference()}mut ${this.#type()}`;
      case "P":
        return `*const ${this.#type()}`;
      case "O":
        return `*mut ${this.#type()}`;
      case "F":
        return this.#bound(() => this.#function());
      case "D":
        return this.#dynamic();
      case "B":
        return this.#back(() => this.#type());
      default:
        this.#position -= 1;
        return this.path(false);
    }
  }

  #lifetimeOfReference(): string {
    if (!this.#skip("L")) return "";
    const lifetime = this.#lifetime();
    return lifetime === "'_" ? "" : `${lifetime} `;
  }

  #function(): string {
    const unsafe = this.#skip("U") ? "unsafe " : "";
    const abi = this.#skip("K") ? `extern "${this.#abi()}" ` : "";
    const parameters = this.#untilEnd(() => this.#type()).join(", ");
    const result = this.#type();
    return `${unsafe}${abi}fn(${parameters})${result === "()" ? "" : ` -> ${result}`}`;
  }

  #abi(): string {
    return this.#skip("C") ? "C" : this.#identifier().name.replaceAll("_", "-");
  }

  #dynamic(): string {
    const traits = this.#bound(() => this.#untilEnd(() => this.#trait()).join(" + "));
    this.#expect("L");
    const lifetime = this.#lifetime();
    return `dyn ${traits}${lifetime === "'_" ? "" : ` + ${lifetime}`}`;
  }

  /** A trait, with its associated types among the generic arguments. */
  #trait(): string {
    const path = this.path(false);
    const associated: string[] = [];
    while (this.#skip("p")) associated.push(`${this.#identifier().name} = ${this.#type()}`);
    if (associated.length === 0) return path;
    const list = associated.join(", ");
    return path.endsWith(">") ? `${path.slice(0, -1)}, ${list}>` : `${path}<${list}>`;
  }

  #constant(): string {
    const tag = this.#step();
    if (tag === "B") return this.#back(() => this.#constant());
    if (tag === "p") return "_";
    const sign = this.#skip("n") ? "-" : "";
    const value = BigInt(`0x0${this.#match(/[0-9a-f]*_/y).slice(0, -1)}`);
    if (tag === "b") return value === 0n ? "false" : "true";
    if (tag === "c" && value <= 0x10ffffn) {
      return `'${String.fromCodePoint(Number(value))}'`;
    }
    if (!/[asxnilhtmyoj]/.test(tag)) throw new UnknownForm();
    return `${sign}${value}`;
  }

  /** What stands behind a binder, which is optional. */
  #bound(read: () => string): string {
    const count = this.#skip("G") ? this.#base62() + 1 : 0;
    if (count > MAX_STEPS) throw new UnknownForm();
    const outer = this.#lifetimes;
    const names = Array.from({ length: count }, (_, index) => lifetimeName(outer + index));
    this.#lifetimes += count;
    const text = read();
    this.#lifetimes = outer;
    return count === 0 ? text : `for<${names.join(", ")}> ${text}`;
  }

  #lifetime(): string {
    const index = this.#base62();
    if (index === 0) return "'_";
    if (index > this.#lifetimes) throw new UnknownForm();
    return lifetimeName(this.#lifetimes - index);
  }

  #identifier(): { name: string; disambiguator: number } {
    const disambiguator = this.#disambiguator();
    // Punycode.
    if (this.#skip("u")) throw new UnknownForm();
    const length = Number(this.#match(/0|[1-9]\d{0,4}/y));
    this.#skip("_");
    const start = this.#position;
    this.#position += length;
    if (this.#position > this.#mangled.length) throw new UnknownForm();
    return { name: this.#mangled.slice(start, this.#position), disambiguator };
  }

  #disambiguator(): number {
    return this.#skip("s") ? this.#base62() + 1 : 0;
  }

  #base62(): number {
    const digits = this.#match(/[0-9a-zA-Z]{0,11}_/y).slice(0, -1);
    if (digits === "") return 0;
    const value = (digit: string) => {
      if (digit >= "a") return digit.charCodeAt(0) - 87;
      return digit >= "A" ? digit.charCodeAt(0) - 29 : Number(digit);
    };
    return digits.split("").reduce((sum, digit) => sum * 62 + value(digit), 0) + 1;
  }

  /** Reads again what stood before, where the position leads. */
  #back<T>(read: () => T): T {
    const reference = this.#position - 1;
    const target = this.#base62();
    if (target >= reference) throw new UnknownForm();
    const after = this.#position;
    this.#position = target;
    const found = read();
    this.#position = after;
    return found;
  }

  #untilEnd<T>(read: () => T): T[] {
    const items: T[] = [];
    while (!this.#skip("E")) items.push(read());
    return items;
  }

  /** The tag of a path, type or constant. */
  #step(): string {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) throw new UnknownForm();
    return this.#next();
  }

  #next(): string {
    const next = this.#mangled[this.#position];
    if (next === undefined) throw new UnknownForm();
    this.#position += 1;
    return next;
  }

  #skip(tag: string): boolean {
    const isHere = this.#mangled[this.#position] === tag;
    if (isHere) this.#position += 1;
    return isHere;
  }

  #expect(tag: string): void {
    if (!this.#skip(tag)) throw new UnknownForm();
  }

  /** @param pattern Sticky. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#mangled)?.[0];
    if (found === undefined) throw new UnknownForm();
    this.#position += found.length;
    return found;
  }
}

function lifetimeName(depth: number): string {
  return depth < 26 ? `'${String.fromCharCode(97 + depth)}` : `'_${depth}`;
}
