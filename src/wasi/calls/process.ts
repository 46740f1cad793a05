import { Errno } from "../../files/errno.ts";
import { WasiError } from "../../files/wasi-error.ts";
import type { SystemCalls } from "../system-call.ts";
import { WasiExit } from "../wasi-exit.ts";

/**
 * Calls that end the guest, signal it or yield its thread.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#proc_exit
 */
export function processCalls(): SystemCalls {
  return {
    proc_exit(exitCode: number): void {
      throw new WasiExit(exitCode);
    },

    // Guests have no signal handlers.
    proc_raise(): void {
      throw new WasiError(Errno.ENOSYS);
    },

    // Guests have a single thread, so there is none to yield to.
    sched_yield() {},
  };
}
