import type { Clock } from "../../files/clock.ts";
import { Errno } from "../../files/errno.ts";
import { WasiError } from "../../files/wasi-error.ts";
import type { CallContext, SystemCalls } from "../system-call.ts";

const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const CLOCK_PROCESS_CPUTIME = 2;
const CLOCK_THREAD_CPUTIME = 3;

/** Returns the time on the clock `id`. @throws WasiError ENOTSUP (a clock of CPU time), EINVAL (an unknown clock) */
export function timeNs(clock: Clock, id: number): bigint {
  if (id === CLOCK_REALTIME) return clock.realtimeNs();
  if (id === CLOCK_MONOTONIC) return clock.monotonicNs();
  // Browsers do not measure the CPU time of a worker.
  const isCpuTime = id === CLOCK_PROCESS_CPUTIME || id === CLOCK_THREAD_CPUTIME;
  throw new WasiError(isCpuTime ? Errno.ENOTSUP : Errno.EINVAL);
}

/**
 * Calls that read the clocks.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#clock_time_get
 */
export function clockCalls({ memory, clock }: Pick<CallContext, "memory" | "clock">): SystemCalls {
  let lastNs = 0n;
  /** Adds 1 ns when the clock has not advanced: a browser's clock keeps its value for up to 1 ms. */
  const monotonicNs = (): bigint => {
    const nowNs = clock.monotonicNs();
    lastNs = nowNs > lastNs ? nowNs : lastNs + 1n;
    return lastNs;
  };
  return {
    clock_res_get(id: number, result: number) {
      memory.range(result, 8);
      timeNs(clock, id);
      memory.setU64(result, clock.resolutionNs);
    },

    // The precision is the lag that the guest accepts. The clocks have none.
    clock_time_get(id: number, _precision: bigint, result: number) {
      memory.range(result, 8);
      memory.setU64(result, id === CLOCK_MONOTONIC ? monotonicNs() : timeNs(clock, id));
    },
  };
}
