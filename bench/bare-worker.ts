/** A baseline: `postMessage` and nothing else between the page and what the worker does. */

import { BareHost } from "./bare-host.ts";

/** What the page posts: bytes to be echoed, or numbers to be doubled. */
export type BareRequest = { readonly bytes: Uint8Array } | DoubleRequest;

export interface DoubleRequest {
  readonly numbers: Float64Array<ArrayBuffer>;
  /** With the first request of this kind. */
  readonly module?: WebAssembly.Module;
  /** Whether the answer is transferred, or cloned. */
  readonly isTransferred: boolean;
}

let host: BareHost | undefined;

addEventListener("message", ({ data }: MessageEvent<BareRequest>) => {
  if ("bytes" in data) {
    postMessage(data.bytes);
    return;
  }
  if (data.module !== undefined) host = new BareHost(data.module);
  const doubled = host?.double(data.numbers);
  postMessage(doubled, data.isTransferred && doubled ? { transfer: [doubled.buffer] } : {});
});
