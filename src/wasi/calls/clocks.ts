import type { Clock } from "../../files/clock.ts";
import { Errno } from "../../files/errno.ts";
import { WasiError } from "../../files/wasi-error.ts";
import type { CallContext, SystemCalls } from "../system-call.ts";

const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const CLOCK_PROCESS_CPUTIME = 2;
const CLOCK_THREAD_CPUTIME = 3;

/** The time on the clock `id`. @throws WasiError ENOTSUP (the clocks of CPU time), EINVAL (no clock) */
export function timeNs(clock: Clock, id: number): bigint {
  if (id === CLOCK_REALTIME) return clock.realtimeNs();
  if (id === CLOCK_MONOTONIC) return clock.monotonicNs();
  // A browser does not tell how long a worker has been computing.
  const known = id === CLOCK_PROCESS_CPUTIME || id === CLOCK_THREAD_CPUTIME;
  throw new WasiError(known ? Errno.ENOTSUP : Errno.EINVAL);
}

/**
 * Calls that tell the time.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#clock_time_get
 */
export function clockCalls({ memory, clock }: Pick<CallContext, "memory" | "clock">): SystemCalls {
  let toldNs = 0n;
  /** Each look finds it later, by the least there is: a browser's clock stands still for up to 1 ms. */
  const monotonicNs = (): bigint => {
    const nowNs = clock.monotonicNs();
    toldNs = nowNs > toldNs ? nowNs : toldNs + 1n;
    return toldNs;
  };
  return {
    clock_res_get(id: number, result: number) {
      memory.range(result, 8);
      timeNs(clock, id);
      memory.setU64(result, clock.resolutionNs);
    },

    // The precision says how much lag is fine; the clocks have none.
    clock_time_get(id: number, _precision: bigint, result: number) {
      memory.range(result, 8);
      memory.setU64(result, id === CLOCK_MONOTONIC ? monotonicNs() : timeNs(clock, id));
    },
  };
}
