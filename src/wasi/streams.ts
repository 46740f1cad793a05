/** Where stdin comes from. */
export interface InputSource {
  /**
   * Returns the next bytes, best at most `maxBytes`; none at the end. The array is the stream's from
   * then on. A source either blocks the thread for at most `waitMs`, and returns `undefined` when
   * nothing has come, or returns a promise, which suspends the guest.
   */
  read(maxBytes: number, waitMs: number): Uint8Array | undefined | Promise<Uint8Array>;
}

/** Where stdout or stderr goes to. */
export interface OutputSink {
  /** Takes bytes, which are its own from then on. */
  write(bytes: Uint8Array<ArrayBuffer>): void;
}

/** Which of a guest's streams are terminals to it. */
export interface Terminals {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** The guest's end of stdin: what has come and was not read yet. */
export class InputStream {
  #bytes: Uint8Array = new Uint8Array();
  #ended = false;
  #pending: Promise<void> | undefined;
  readonly #source: InputSource | undefined;

  /** Without a source it is at its end. */
  constructor(source: InputSource | undefined) {
    this.#source = source;
    this.#ended = source === undefined;
  }

  /** Bytes that can be read without waiting. */
  get available(): number {
    return this.#bytes.length;
  }

  /** Whether nothing more comes after what is available. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Asks for bytes unless there are some.
   *
   * @returns Whether there are some, or the end; a promise when that is still to come.
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
    // A guest that does not wait for it hears of its failure at the next read.
    this.#pending.catch(() => {});
    return this.#pending;
  }

  /** Takes up to `maxBytes` of the available bytes out. */
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

  /** Without a sink, what is written goes nowhere. */
  constructor(sink: OutputSink | undefined, budgetBytes: number) {
    this.#sink = sink;
    this.#budget = budgetBytes;
    this.#left = budgetBytes;
  }

  /** Whether bytes were dropped since the last {@link reset}. */
  get truncated(): boolean {
    return this.#truncated;
  }

  /** How many of `length` bytes fit the budget; they are to be written, the others are dropped. */
  admit(length: number): number {
    const count = Math.min(length, this.#left);
    this.#left -= count;
    if (count < length) this.#truncated = true;
    return this.#sink === undefined ? 0 : count;
  }

  /** Passes admitted bytes on, and gives them away. */
  write(bytes: Uint8Array<ArrayBuffer>): void {
    this.#sink?.write(bytes);
  }

  /** Starts over with the whole budget. */
  reset(): void {
    this.#left = this.#budget;
    this.#truncated = false;
  }
}
