/** What the open program has written: the last of it, and whoever shows it. */

/** `note` is what the playground says itself, such as that a plugin was restarted. */
export type OutputStream = "stdout" | "stderr" | "note";

export interface OutputListener {
  /** Called for each piece, first for what was kept. It may hold half a line. */
  readonly write: (stream: OutputStream, text: string) => void;
  /** Called when another program begins. */
  readonly clear: () => void;
}

/** Characters kept for listeners that come late; the output of a guest may be endless. */
const KEPT_CHARACTERS = 200_000;

interface Piece {
  readonly stream: OutputStream;
  readonly text: string;
}

export class OutputLog {
  readonly #listeners: Set<OutputListener> = new Set();
  #pieces: Piece[] = [];
  #characters = 0;

  /** @returns A function that ends it. */
  subscribe(listener: OutputListener): () => void {
    for (const { stream, text } of this.#pieces) listener.write(stream, text);
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  write(stream: OutputStream, text: string): void {
    if (text === "") return;
    const kept = text.slice(-KEPT_CHARACTERS);
    this.#pieces.push({ stream, text: kept });
    this.#characters += kept.length;
    while (this.#characters > KEPT_CHARACTERS) {
      this.#characters -= this.#pieces.shift()?.text.length ?? 0;
    }
    for (const listener of this.#listeners) listener.write(stream, kept);
  }

  clear(): void {
    this.#pieces = [];
    this.#characters = 0;
    for (const listener of this.#listeners) listener.clear();
  }
}
