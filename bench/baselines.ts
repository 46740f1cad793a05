/** The other ends of the baselines: workers without the library, and `double` without a worker. */

import { type Remote, wrap } from "comlink";
import { BareHost } from "./bare-host.ts";
import type { BareRequest, DoubleRequest } from "./bare-worker.ts";
import type { ComlinkApi } from "./comlink-worker.ts";
import type { OutputRequest } from "./output-worker.ts";

export const DOUBLE_URL = "/plugins/double.wasm";
export const EVERYTHING_URL = "/plugins/everything.wasm";

export function compileDouble(): Promise<WebAssembly.Module> {
  return WebAssembly.compileStreaming(fetch(DOUBLE_URL));
}

/** `double` in the page's own thread. */
export async function inThreadDouble(): Promise<BareHost> {
  return new BareHost(await compileDouble());
}

/** A worker that is called through Comlink. */
export function comlinkWorker(): Remote<ComlinkApi> {
  return wrap<ComlinkApi>(startComlinkWorker());
}

/** The worker alone, for those who terminate it. */
export function startComlinkWorker(): Worker {
  return new Worker("/comlink-worker.js", { type: "module" });
}

/** Runs a command on browser_wasi_shim in a worker of its own. */
export async function runInShim(
  address: string,
  args: readonly string[],
  onText: (text: string) => void,
): Promise<void> {
  const module = await WebAssembly.compileStreaming(fetch(address));
  const worker = new Worker("/output-worker.js", { type: "module" });
  await new Promise<void>((resolve, reject) => {
    worker.addEventListener("error", ({ message }) => reject(new Error(message)));
    worker.addEventListener("message", ({ data }: MessageEvent<string | undefined>) => {
      if (data === undefined) resolve();
      else onText(data);
    });
    worker.postMessage({ module, args } satisfies OutputRequest, []);
  });
  worker.terminate();
}

/** The address of `double` as a module that this browser has not compiled before: see `server.mjs`. */
export function coldDoubleUrl(): string {
  return `${DOUBLE_URL}?cold=${crypto.randomUUID()}`;
}

/** Starts bare workers from a blob, as the library starts its own. */
export async function bareWorkerStarter(): Promise<() => BareWorker> {
  const source = await (await fetch("/bare-worker.js")).text();
  return () => new BareWorker(source);
}

/** A worker that is asked by `postMessage` alone; it answers in order. */
export class BareWorker {
  readonly #worker: Worker;
  readonly #ask: (request: BareRequest, transfer: Transferable[]) => Promise<unknown>;

  constructor(source: string) {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    this.#worker = new Worker(url, { type: "module" });
    URL.revokeObjectURL(url);
    this.#ask = askInOrder(this.#worker);
  }

  echo(bytes: Uint8Array): Promise<Uint8Array> {
    return this.#ask({ bytes }, []) as Promise<Uint8Array>;
  }

  /** @param request Its numbers are given up unless the answer is a clone. */
  double(request: DoubleRequest): Promise<Float64Array> {
    const transfer = request.answer === "clone" ? [] : [request.numbers.buffer];
    return this.#ask(request, transfer) as Promise<Float64Array>;
  }

  terminate(): void {
    this.#worker.terminate();
  }
}

/**
 * A worker in a sandboxed frame, which echoes what comes by a port of its own: what strict isolation takes
 * at least. In Chromium it is in another process.
 *
 * @returns Asks for an echo. It answers in order.
 */
export function startEchoInFrame(): (bytes: Uint8Array) => Promise<unknown> {
  const echo =
    "onmessage = ({ data: port }) => (port.onmessage = (e) => port.postMessage(e.data));";
  const start = `onmessage = ({ data: port }) =>
    new Worker(URL.createObjectURL(new Blob(["${echo}"]))).postMessage(port, [port]);`;
  const { port1, port2 } = new MessageChannel();
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.style.display = "none";
  frame.srcdoc = `<!doctype html><script>${start}</script>`;
  const onLoad = () => frame.contentWindow?.postMessage(port2, "*", [port2]);
  frame.addEventListener("load", onLoad, { once: true });
  document.documentElement.append(frame);
  const ask = askInOrder(port1);
  port1.start();
  return (bytes) => ask(bytes, []);
}

/** Posts a message to a worker that answers in order, and resolves to its answer. */
function askInOrder(
  channel: Pick<MessagePort, "addEventListener" | "postMessage">,
): (message: unknown, transfer: Transferable[]) => Promise<unknown> {
  const waiting: ((answer: unknown) => void)[] = [];
  channel.addEventListener("message", ({ data }) => waiting.shift()?.(data));
  return (message, transfer) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      channel.postMessage(message, transfer);
    });
}
