import { encodeUtf8 } from "../files/utf8.ts";

/** The arguments or the environment as C strings, which end with a NUL. */
export class StringList {
  readonly #strings: readonly Uint8Array[];
  /** The size of all strings in bytes, their NULs included. */
  readonly bytes: number;

  /** @throws TypeError when a string contains a NUL. */
  constructor(strings: readonly string[]) {
    for (const string of strings) {
      if (string.includes("\0")) {
        throw new TypeError(`Invalid C string: ${JSON.stringify(string)} (must not contain a NUL)`);
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

/** Returns `env` as strings of the form `name=value`. @throws TypeError when a name is empty or contains `=`. */
export function environmentStrings(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).map(([name, value]) => {
    if (name === "" || name.includes("=")) {
      throw new TypeError(
        `Invalid environment variable: ${JSON.stringify(name)} (must not be empty or contain "=")`,
      );
    }
    return `${name}=${value}`;
  });
}
