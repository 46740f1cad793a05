/** Reads values from the message, and writes them. */
export interface Codec {
  readonly read: () => unknown;
  /** @throws {Misfit} The value has another type. */
  readonly write: (value: never) => void;
}
