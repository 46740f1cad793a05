/** A value of the plugin that does not fit its type. */
export class Misfit extends TypeError {
  readonly #what: string;
  #path = "";

  constructor(value: unknown, type: string) {
    const what = `${shown(value)} is not a valid ${type}`;
    super(what);
    this.#what = what;
  }

  /** Puts a step of the way to the value before its path. */
  under(step: string, where = ""): this {
    this.#path = `${step}${this.#path}`;
    this.message = `${this.#path}${where}: ${this.#what}`;
    return this;
  }
}

/**
 * Adds a step to the path of a {@link Misfit}.
 *
 * @param where Stands behind the path.
 */
export function within(error: unknown, step: string, where?: string): unknown {
  return error instanceof Misfit ? error.under(step, where) : error;
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return "an array";
  return `an object (${Object.keys(value).slice(0, 5).join(", ")})`;
}
