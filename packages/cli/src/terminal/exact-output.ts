/** Output of a guest, byte for byte, as soon as it comes. */

/**
 * Passes text on while it comes. The library decodes it, so what is not UTF-8 waits for {@link finish}, with
 * all that follows.
 */
export class ExactOutput {
  readonly #stream: NodeJS.WriteStream;
  #writtenBytes = 0;
  #isWaiting = false;
  #waiting = "";

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  readonly write = (text: string): void => {
    if (!this.#isWaiting && !text.includes("\ufffd")) {
      this.#writtenBytes += Buffer.byteLength(text);
      this.#stream.write(text);
      return;
    }
    this.#isWaiting = true;
    this.#waiting += text;
  };

  /** @param bytes All of the output; `undefined` where the guest failed, and only its text is known. */
  finish(bytes: Uint8Array | undefined): void {
    const rest = bytes === undefined ? this.#waiting : bytes.subarray(this.#writtenBytes);
    if (rest.length > 0) this.#stream.write(rest);
    this.#waiting = "";
  }
}
