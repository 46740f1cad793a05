/** A baseline: browser_wasi_shim in a worker, which posts what the guest writes as it comes. */

import { ConsoleStdout, WASI } from "@bjorn3/browser_wasi_shim";

/** What the page posts. */
export interface OutputRequest {
  readonly module: WebAssembly.Module;
  readonly args: readonly string[];
}

addEventListener("message", ({ data }: MessageEvent<OutputRequest>) => {
  const decoder = new TextDecoder();
  const stdout = new ConsoleStdout((bytes) => postMessage(decoder.decode(bytes, { stream: true })));
  const wasi = new WASI([...data.args], [], [stdout, stdout, stdout], { debug: false });
  const instance = new WebAssembly.Instance(data.module, {
    wasi_snapshot_preview1: wasi.wasiImport,
  });
  wasi.start(instance as Parameters<WASI["start"]>[0]);
  postMessage(undefined);
});
