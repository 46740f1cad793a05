/** The source of stdin. */
export interface InputSource {
  /**
   * Returns the next bytes, preferably at most `maxBytes`, or none at the end. The caller gives up the
   * array. A source either blocks the thread for at most `waitMs` and returns `undefined` if nothing
   * arrived, or returns a promise, which suspends the guest.
   */
  read(maxBytes: number, waitMs: number): Uint8Array | undefined | Promise<Uint8Array>;
}

/** The destination of stdout or stderr. */
export interface OutputSink {
  /** Takes bytes, which the caller gives up. */
  write(bytes: Uint8Array<ArrayBuffer>): void;
}

/** Which streams the guest sees as terminals. */
export interface Terminals {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** The guest's end of stdin: the bytes that have arrived and were not read yet. */
export class InputStream {
  #bytes: Uint8Array = new Uint8Array();
  #ended = false;
  #pending: Promise<void> | undefined;
  readonly #source: InputSource | undefined;

  /** Without a source the input is empty. */
  constructor(source: InputSource | undefined) {
    this.#source = source;
    this.#ended = source === undefined;
  }

  /** The number of bytes that can be read without waiting. */
  get available(): number {
    return this.#bytes.length;
  }

  /** Whether nothing follows the available bytes. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Requests bytes unless some are available.
   *
   * @returns Whether bytes or the end are available, or a promise that settles when they are.
   */
  fill(maxBytes: number, waitMs: number = Infinity): boolean | Promise<void> {
    if (this.#pending !== undefined) return this.#pending;
    if (this.#bytes.length > 0 || this.#source === undefined || this.#ended) return true;
    const read = this.#source.read(maxBytes, waitMs);
    if (!(read instanceof Promise)) {
      if (read !== undefined) this.#receive(read);
      return read !== undefined;
    }
    this.#pending = read
      .then((bytes) => this.#receive(bytes))
      .finally(() => {
        this.#pending = undefined;
      });
    // A guest that does not wait for it gets its failure from the next read.
    this.#pending.catch(() => {});
    return this.#pending;
  }

  /** Removes and returns at most `maxBytes` of the available bytes. */
  take(maxBytes: number): Uint8Array {
    const taken = this.#bytes.subarray(0, maxBytes);
    this.#bytes = this.#bytes.subarray(taken.length);
    return taken;
  }

  #receive(bytes: Uint8Array): void {
    if (bytes.length === 0) this.#ended = true;
    else this.#bytes = bytes;
  }
}

/** The guest's end of stdout or stderr: passes bytes on, up to a budget. */
export class OutputStream {
  #left: number;
  #truncated = false;
  readonly #budget: number;
  readonly #sink: OutputSink | undefined;

  /** Without a sink, output is discarded. */
  constructor(sink: OutputSink | undefined, budgetBytes: number) {
    this.#sink = sink;
    this.#budget = budgetBytes;
    this.#left = budgetBytes;
  }

  /** Whether bytes were dropped since the last {@link reset}. */
  get truncated(): boolean {
    return this.#truncated;
  }

  /** Returns how many of `length` bytes fit the budget. The caller writes those; the others are dropped. */
  admit(length: number): number {
    const count = Math.min(length, this.#left);
    this.#left -= count;
    if (count < length) this.#truncated = true;
    return this.#sink === undefined ? 0 : count;
  }

  /** Passes admitted bytes to the sink, and gives them up. */
  write(bytes: Uint8Array<ArrayBuffer>): void {
    this.#sink?.write(bytes);
  }

  /** Restores the whole budget. */
  reset(): void {
    this.#left = this.#budget;
    this.#truncated = false;
  }
}
