/** Tells listeners of the output of one instance. */

import type { Limits } from "../../limits.ts";
import type { EventHub } from "./event-hub.ts";

export class OutputWatch {
  readonly #hub: EventHub;
  readonly #limits: Limits;
  /** The start of a character that one chunk ends with belongs to the next one's. */
  readonly #decoders: readonly TextDecoder[];

  constructor(hub: EventHub, limits: Limits) {
    this.#hub = hub;
    this.#limits = limits;
    this.#decoders = [1, 2].map(() => new TextDecoder("utf-8", { ignoreBOM: true }));
  }

  wrote(fd: 1 | 2, bytes: Uint8Array): void {
    if (!this.#hub.hears("output")) return;
    const text = this.#decoders[fd - 1]?.decode(bytes, { stream: true }) ?? "";
    this.#hub.emit({ type: "output", stream: streamOf(fd), bytes, text });
  }

  truncated(fd: 1 | 2): void {
    const { outputBytes: allowed } = this.#limits;
    this.#hub.emit({ type: "limit", limit: "outputBytes", allowed, stream: streamOf(fd) });
  }
}

function streamOf(fd: 1 | 2): "stdout" | "stderr" {
  return fd === 1 ? "stdout" : "stderr";
}
