import type { Environment } from "../environment.ts";

/** A page, or a worker of one. */
export const environment: Environment = {
  isolations: ["worker", "strict"],
  get canShareMemory() {
    return globalThis.crossOriginIsolated;
  },
  terminatesAtOnce: false,
  get cores() {
    return navigator.hardwareConcurrency;
  },
  fetch: (address, signal) => fetch(address, { signal }),
};
