/**
 * Stands between a guest and the functions it imports, since a guest catches what they throw as it
 * catches its own exceptions, with `catch_all`, and could go on as if nothing had been.
 */

import { PluginHostFunctionError, PluginLimitError } from "../errors.ts";

type Import = (...args: never[]) => unknown;

/** What stands for a failure while it goes through the guest: so no guest holds an error of this library. */
class ImportFailed extends Error {
  static {
    ImportFailed.prototype.name = "ImportFailed";
  }
}

/** A call's failure, and what stands for it. */
interface Failure {
  readonly error: unknown;
  readonly thrown: ImportFailed;
}

/**
 * What imports throw into one instance.
 *
 * An exit, or a fault after which the instance is not to be used again, goes through the guest as a
 * trap, which nothing catches. The failure of a host function goes through it as an exception, so
 * that a guest can run its destructors; but its call has failed, whatever the guest makes of that.
 */
export class ImportGuard {
  readonly #trap: () => never = createTrap();
  readonly #look: () => void;
  /** What has ended the instance. */
  #end: { readonly error: unknown } | undefined;
  /** The first failure of the call that runs. */
  #failure: Failure | undefined;

  /**
   * @param look Called before each import: what they do takes longer than code between two checks.
   *   Ends the instance by what it throws.
   */
  constructor(look: () => void = () => {}) {
    this.#look = look;
  }

  /** A new call has not failed yet. */
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

  /** @throws what an import has thrown during the call, where the guest has returned all the same. */
  assertSound(): void {
    const failed = this.#end ?? this.#failure;
    if (failed !== undefined) throw failed.error;
  }

  /** What was behind that which came out of the guest. */
  reasonOf(thrown: unknown): unknown {
    if (this.#end !== undefined) return this.#end.error;
    return thrown === this.#failure?.thrown ? this.#failure?.error : thrown;
  }

  #raise(error: unknown): never {
    // Out of an import that called the guest, which called an import that failed.
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
 * Makes what raises a trap, as only Wasm can, while there is a stack to make it on: a `WebAssembly.RuntimeError` of JavaScript's own making is caught
 * by guests like any other exception.
 *
 * @see https://github.com/WebAssembly/exception-handling/blob/main/proposals/exception-handling/Exceptions.md#traps-and-js-api
 */
function createTrap(): () => never {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(TRAP_MODULE));
  return exports["trap"] as () => never;
}
