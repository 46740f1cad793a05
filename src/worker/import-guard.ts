/**
 * Stands between a guest and the functions it imports: a guest can catch what they throw with
 * `catch_all`, as it catches its own exceptions, and continue.
 */

import { PluginHostFunctionError, PluginLimitError } from "../errors.ts";

type Import = (...args: never[]) => unknown;

/** Replaces an error on its way through the guest, so that no guest holds an error of this library. */
class ImportFailed extends Error {
  static {
    ImportFailed.prototype.name = "ImportFailed";
  }
}

/** The failure of a call, and what the guest sees in its place. */
interface Failure {
  readonly error: unknown;
  readonly thrown: ImportFailed;
}

/**
 * Handles what imports throw into one instance.
 *
 * An exit, or an error after which the instance cannot be used again, becomes a trap, which no guest
 * can catch. The failure of a host function becomes an exception, so that a guest can run its
 * destructors; the call fails even if the guest catches it.
 */
export class ImportGuard {
  readonly #trap: () => never = createTrap();
  readonly #look: () => void;
  /** The error that ended the instance. */
  #end: { readonly error: unknown } | undefined;
  /** The first failure of the running call. */
  #failure: Failure | undefined;

  /**
   * @param look Called before each import, since an import may take longer than the code between two
   *   checks. An error that it throws ends the instance.
   */
  constructor(look: () => void = () => {}) {
    this.#look = look;
  }

  /** Forgets the failure of the last call. */
  beginCall(): void {
    this.#failure = undefined;
  }

  /** The import as the guest gets it. */
  guarded(call: Import): (...args: never[]) => unknown {
    return (...args) => {
      try {
        this.#look();
        const result = call(...args);
        return result instanceof Promise
          ? result.catch((error: unknown) => this.#raise(error))
          : result;
      } catch (error) {
        return this.#raise(error);
      }
    };
  }

  /** @throws what an import threw during the call, if the guest returned nevertheless. */
  assertSound(): void {
    const failed = this.#end ?? this.#failure;
    if (failed !== undefined) throw failed.error;
  }

  /** The original error of what the guest threw. */
  reasonOf(thrown: unknown): unknown {
    if (this.#end !== undefined) return this.#end.error;
    return thrown === this.#failure?.thrown ? this.#failure?.error : thrown;
  }

  #raise(error: unknown): never {
    // An import called the guest, which called an import that failed.
    if (error === this.#failure?.thrown) throw error;
    if (error instanceof PluginHostFunctionError || error instanceof PluginLimitError) {
      this.#failure ??= { error, thrown: new ImportFailed(error.message) };
      throw this.#failure.thrown;
    }
    this.#end ??= { error };
    return this.#trap();
  }
}

/** `(module (func (export "trap") unreachable))` */
const TRAP_MODULE: Uint8Array<ArrayBuffer> = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02,
  0x01, 0x00, 0x07, 0x08, 0x01, 0x04, 0x74, 0x72, 0x61, 0x70, 0x00, 0x00, 0x0a, 0x05, 0x01, 0x03,
  0x00, 0x00, 0x0b,
]);

/**
 * Creates a function that traps, as only Wasm can: a guest catches a `WebAssembly.RuntimeError` that
 * JavaScript has created like any other exception. Created early, while there is stack left for it.
 *
 * @see https://github.com/WebAssembly/exception-handling/blob/main/proposals/exception-handling/Exceptions.md#traps-and-js-api
 */
function createTrap(): () => never {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(TRAP_MODULE));
  return exports["trap"] as () => never;
}
