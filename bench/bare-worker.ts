/** A baseline: `postMessage` and nothing else between the page and what the worker does. */

import { BareHost } from "./bare-host.ts";

/** What the page posts: bytes to be echoed, or numbers to be doubled. */
export type BareRequest = { readonly bytes: Uint8Array } | DoubleRequest;

export interface DoubleRequest {
  readonly numbers: Float64Array<ArrayBuffer>;
  /** With the first request of this kind. */
  readonly module?: WebAssembly.Module;
  /** A fresh array that is cloned or transferred, or the array that came, which goes back. */
  readonly answer: "clone" | "transfer" | "ping-pong";
}

let host: BareHost | undefined;

addEventListener("message", ({ data }: MessageEvent<BareRequest>) => {
  if ("bytes" in data) {
    postMessage(data.bytes);
    return;
  }
  const { module, numbers, answer } = data;
  if (module !== undefined) host = new BareHost(module);
  if (host === undefined) throw new Error("Cannot double: there was no module");
  const doubled = answer === "ping-pong" ? host.doubleInto(numbers, numbers) : host.double(numbers);
  postMessage(doubled, answer === "clone" ? {} : { transfer: [doubled.buffer] });
});
