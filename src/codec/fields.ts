import {
  type Field,
  type ReadFields,
  specializedReader,
  specializedWriter,
  type Target,
  type WriteFields,
} from "./field-copies.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** After so many uses a type gets functions of its own. Fewer, and types used in passing take them all. */
export const HOT_USES = 1000;

/** The fields of a struct or the items of a tuple, one after the other. */
export class Fields {
  readonly #fields: readonly Field[];
  #reads = 0;
  #writes = 0;
  #readFields: ReadFields | undefined;
  #writeFields: WriteFields | undefined;

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
  }

  /** Reads all fields into `value`. @throws Mismatch */
  read(reader: Reader, value: Target): void {
    reader.enter();
    if (this.#readFields === undefined) this.#readEach(reader, value);
    else this.#readFields(reader, value);
    reader.leave();
  }

  /** Writes all fields of `value`. @throws Mismatch */
  write(writer: Writer, value: Readonly<Target>): void {
    writer.enter();
    if (this.#writeFields === undefined) this.#writeEach(writer, value);
    else this.#writeFields(writer, value);
    writer.leave();
  }

  #readEach(reader: Reader, value: Target): void {
    this.#reads += 1;
    if (this.#reads === HOT_USES) this.#readFields = specializedReader(this.#fields);
    for (const { step, codec } of this.#fields) {
      try {
        value[step] = codec.decode(reader);
      } catch (error) {
        throw reader.within(error, step);
      }
    }
  }

  #writeEach(writer: Writer, value: Readonly<Target>): void {
    this.#writes += 1;
    if (this.#writes === HOT_USES) this.#writeFields = specializedWriter(this.#fields);
    for (const { step, codec } of this.#fields) {
      try {
        codec.encode(writer, value[step]);
      } catch (error) {
        throw writer.within(error, step);
      }
    }
  }
}
