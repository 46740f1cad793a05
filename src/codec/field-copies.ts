/**
 * Two short functions, written out 64 times each, so that engines can optimize a codec for itself.
 *
 * An engine notes for each place in the source which types and functions it meets there, and all
 * closures of one source share the notes. Codecs are closures: after a few types every place has met
 * many, and each property access and each call takes the slow way, which costs 2 to 4 times the time.
 * Code generated for each type has places of its own, but needs `eval`. So here each field of a type
 * that is used much gets a copy of the source: its name and codec are constants to the engine, and the
 * copies of one struct, each calling the next, are compiled as one function. Once the copies are
 * given out, further types stay with the shared loop.
 */

import type { Codec } from "./codec.ts";
import { Copies } from "./copies.ts";
import type { Step } from "./mismatch.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** A field of a struct or an item of a tuple. */
export interface Field {
  readonly step: Step;
  readonly codec: Codec<unknown>;
}

/** What fields are read into. */
export type Target = Record<Step, unknown>;

/** Reads some fields into a value. */
export type ReadFields = (reader: Reader, value: Target) => void;

/** Writes some fields of a value. */
export type WriteFields = (writer: Writer, value: Readonly<Target>) => void;

type ReadField = (step: Step, codec: Codec<unknown>, next: ReadFields) => ReadFields;
type WriteField = (step: Step, codec: Codec<unknown>, next: WriteFields) => WriteFields;

const doNothing = () => {};

/** A function for these fields alone, or `undefined` where no copies are left. */
export function specializedReader(fields: readonly Field[]): ReadFields | undefined {
  return READ_FIELD.take(fields.length)?.reduceRight<ReadFields>((next, copy, index) => {
    const { step, codec } = fields[index] as Field;
    return copy(step, codec, next);
  }, doNothing);
}

/** A function for these fields alone, or `undefined` where no copies are left. */
export function specializedWriter(fields: readonly Field[]): WriteFields | undefined {
  return WRITE_FIELD.take(fields.length)?.reduceRight<WriteFields>((next, copy, index) => {
    const { step, codec } = fields[index] as Field;
    return copy(step, codec, next);
  }, doNothing);
}

// biome-ignore format: one copy a line
const READ_FIELD = new Copies<ReadField>([
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
  (s, c, next) => (r, v) => { try { v[s] = c.decode(r); } catch (e) { throw r.within(e, s); } next(r, v); },
]);

// biome-ignore format: one copy a line
const WRITE_FIELD = new Copies<WriteField>([
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
  (s, c, next) => (w, v) => { try { c.encode(w, v[s]); } catch (e) { throw w.within(e, s); } next(w, v); },
]);
