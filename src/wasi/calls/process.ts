import { Errno } from "../../files/errno.ts";
import { WasiError } from "../../files/wasi-error.ts";
import type { SystemCalls } from "../system-call.ts";
import { WasiExit } from "../wasi-exit.ts";

/**
 * Calls about the guest as a process.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#proc_exit
 */
export function processCalls(): SystemCalls {
  return {
    proc_exit(exitCode: number): void {
      throw new WasiExit(exitCode);
    },

    // There is nobody who could handle a signal.
    proc_raise(): void {
      throw new WasiError(Errno.ENOSYS);
    },

    // There is one thread, and so nobody to yield to.
    sched_yield() {},
  };
}
