import type { Environment } from "../environment.ts";

/** A page, or a worker of one. */
export const environment: Environment = {
  isolations: ["worker", "strict"],
  get canShareMemory() {
    // WebKitGTK hides shared memory even from isolated pages unless it is told otherwise.
    return globalThis.crossOriginIsolated && typeof SharedArrayBuffer === "function";
  },
  terminatesAtOnce: false,
  get cores() {
    return navigator.hardwareConcurrency;
  },
  get lastingFiles() {
    if (typeof globalThis.navigator?.storage?.getDirectory === "function")
      return { isThere: true, effect: "mounts can be kept between visits (OPFS)" };
    const effect =
      "showDirectoryPicker" in globalThis
        ? "mounts can be kept only in folders that a person has chosen"
        : "mounts cannot be kept between visits";
    return { isThere: false, effect };
  },
  fetch: (address, signal) => fetch(address, { signal }),
};
