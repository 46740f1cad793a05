import type { IsolateEvent } from "./isolate.ts";

/** What the guests of one plugin have used so far. */
export class Usage {
  #fuelUsed = 0;
  #memoryBytes = 0;
  #truncated: Truncated = { stdout: false, stderr: false };

  /** Units of fuel, where `limits.fuel` is set; 0 elsewhere. */
  get fuelUsed(): number {
    return this.#fuelUsed;
  }

  /** Bytes of the current guest's linear memory, as of its last call. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** Which streams had more output than `limits.outputBytes`. */
  get truncated(): Truncated {
    return this.#truncated;
  }

  /** Counts an event of an isolate. */
  add(event: IsolateEvent): void {
    if (event.type === "fuel") this.#fuelUsed += event.units;
    if (event.type === "memory") this.#memoryBytes = event.bytes;
    if (event.type === "truncated") {
      this.#truncated = { ...this.#truncated, [event.fd === 1 ? "stdout" : "stderr"]: true };
    }
  }
}

export interface Truncated {
  readonly stdout: boolean;
  readonly stderr: boolean;
}
