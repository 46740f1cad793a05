/** The loops over lists, for a list that is used much: why there are copies, `field-copies.ts` says. */

import type { Codec } from "./codec.ts";
import { Copies } from "./copies.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** Reads `length` items into `values`. */
export type ReadItems = (reader: Reader, values: unknown[], length: number) => void;

/** Writes the first `length` items of `values`. */
export type WriteItems = (writer: Writer, values: readonly unknown[], length: number) => void;

type ReadLoop = (item: Codec<unknown>) => ReadItems;
type WriteLoop = (item: Codec<unknown>) => WriteItems;

/** A function for items of this codec alone, or `undefined` where no copies are left. */
export function specializedItemReader(item: Codec<unknown>): ReadItems | undefined {
  return READ_LOOP.take(1)?.[0]?.(item);
}

/** A function for items of this codec alone, or `undefined` where no copies are left. */
export function specializedItemWriter(item: Codec<unknown>): WriteItems | undefined {
  return WRITE_LOOP.take(1)?.[0]?.(item);
}

// biome-ignore format: one copy a line
const READ_LOOP = new Copies<ReadLoop>([
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
  (c) => (r, v, n) => { let i = 0; try { for (; i < n; i++) v[i] = c.decode(r); } catch (e) { throw r.within(e, i); } },
]);

// biome-ignore format: one copy a line
const WRITE_LOOP = new Copies<WriteLoop>([
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
  (c) => (w, v, n) => { let i = 0; try { for (; i < n; i++) c.encode(w, v[i]); } catch (e) { throw w.within(e, i); } },
]);
