import { encodeUtf8 } from "../files/utf8.ts";

/** The arguments or the environment, as C has them: strings that end in NUL. */
export class StringList {
  readonly #strings: readonly Uint8Array[];
  /** Bytes of all strings, their NULs included. */
  readonly bytes: number;

  /** @throws TypeError when a string has a NUL in it. */
  constructor(strings: readonly string[]) {
    for (const string of strings) {
      if (string.includes("\0")) {
        throw new TypeError(`Cannot pass ${JSON.stringify(string)}: found a NUL, expected none`);
      }
    }
    this.#strings = strings.map((string) => encodeUtf8(`${string}\0`));
    this.bytes = this.#strings.reduce((sum, string) => sum + string.length, 0);
  }

  get length(): number {
    return this.#strings.length;
  }

  [Symbol.iterator](): Iterator<Uint8Array> {
    return this.#strings.values();
  }
}

/** `env` as the strings `name=value`. @throws TypeError when a name is empty or has `=` in it. */
export function environmentStrings(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).map(([name, value]) => {
    if (name === "" || name.includes("=")) {
      throw new TypeError(`Cannot set variable "${name}": expected a name without "="`);
    }
    return `${name}=${value}`;
  });
}
