/** A baseline: Comlink and nothing else between the page and what the worker does. */

import { expose } from "comlink";
import { BareHost } from "./bare-host.ts";

let host: BareHost | undefined;

const api = {
  echo: (bytes: Uint8Array): Uint8Array => bytes,

  /** Makes it ready to double. */
  start(module: WebAssembly.Module): void {
    host = new BareHost(module);
  },

  /** The caller keeps its array, which is cloned, as the result is. */
  double(numbers: Float64Array): Float64Array {
    if (host === undefined) throw new Error("Cannot double: not started");
    return host.double(numbers);
  },
};

export type ComlinkApi = typeof api;

expose(api);
