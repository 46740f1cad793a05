/** The words of a schema's text. */

export interface Token {
  readonly kind: "word" | "string" | "integer" | "mark" | "docs" | "end";
  /** As it is written; of docs what is behind the slashes. */
  readonly text: string;
  /** Of a word or a string: the name that it is. */
  readonly name?: string;
  /** Where it begins in the text. */
  readonly at: number;
}

const SPACE = /[ \t\r\n]*/y;

/** All kinds in one pattern, each a group: a schema may have a hundred thousand words. */
const TOKEN =
  /\/\/\/(?<docs>[^\n]*)|(?<word>[A-Za-z_$][\w$]*)|(?<mark>->|[(){}<>,:;=])|(?<integer>\d+)|(?<string>"(?:[^"\\\n]|\\[^\n])*")/y;

/** Reads the words one after the other. @throws {TypeError} for what is none. */
export class TokenReader {
  readonly #text: string;
  #next: Token;

  constructor(text: string) {
    this.#text = text;
    this.#next = readToken(text, 0);
  }

  get next(): Token {
    return this.#next;
  }

  take(): Token {
    const taken = this.#next;
    if (taken.kind !== "end") this.#next = readToken(this.#text, endOf(taken));
    return taken;
  }

  /** Takes the next word if it is `text`. */
  takeIf(text: string): boolean {
    const { kind } = this.#next;
    if (this.#next.text !== text || (kind !== "word" && kind !== "mark")) return false;
    this.take();
    return true;
  }

  expect(text: string): void {
    if (!this.takeIf(text)) throw this.unexpected(`"${text}"`);
  }

  name(what: string): string {
    const { name } = this.#next;
    if (name === undefined) throw this.unexpected(what);
    this.take();
    return name;
  }

  integer(what: string): number {
    const { kind, text } = this.#next;
    const value = Number(text);
    if (kind !== "integer" || !Number.isSafeInteger(value)) throw this.unexpected(what);
    this.take();
    return value;
  }

  /** The lines of documentation that come next, as one text. */
  docs(): string {
    const lines: string[] = [];
    while (this.#next.kind === "docs") lines.push(this.take().text.trimEnd().replace(/^ /, ""));
    return lines.join("\n");
  }

  unexpected(expected: string, found: Token = this.#next): TypeError {
    const shown = found.kind === "end" ? "the end" : `"${found.text.slice(0, 40)}"`;
    return malformed(this.#text, found.at, `found ${shown}, expected ${expected}`);
  }

  malformed(problem: string, at: number = this.#next.at): TypeError {
    return malformed(this.#text, at, problem);
  }
}

function readToken(text: string, from: number): Token {
  SPACE.lastIndex = from;
  SPACE.test(text);
  const at = SPACE.lastIndex;
  if (at === text.length) return { kind: "end", text: "", at };
  TOKEN.lastIndex = at;
  const [, docs, word, mark, integer, string] = TOKEN.exec(text) ?? [];
  if (word !== undefined) return { kind: "word", text: word, name: word, at };
  if (mark !== undefined) return { kind: "mark", text: mark, at };
  if (docs !== undefined) return { kind: "docs", text: docs, at };
  if (integer !== undefined) return { kind: "integer", text: integer, at };
  if (string !== undefined) {
    return { kind: "string", text: string, name: nameOf(text, string, at), at };
  }
  throw malformed(text, at, `found ${JSON.stringify(text.slice(at, at + 1))}, expected a word`);
}

function endOf({ kind, text, at }: Token): number {
  return at + text.length + (kind === "docs" ? "///".length : 0);
}

function nameOf(text: string, written: string, at: number): string {
  try {
    return JSON.parse(written) as string;
  } catch {
    throw malformed(text, at, `found ${written.slice(0, 40)}, expected a JSON string`);
  }
}

function malformed(text: string, at: number, problem: string): TypeError {
  const before = text.slice(0, at).split("\n");
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return new TypeError(`Cannot read schema: ${problem} at ${place}`);
}
