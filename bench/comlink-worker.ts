/** A baseline: Comlink and nothing else. */

import { expose } from "comlink";

const api = {
  echo: (bytes: Uint8Array): Uint8Array => bytes,
};

export type EchoApi = typeof api;

expose(api);
