import type { GuestMemory } from "../guest-memory.ts";
import type { SystemCalls } from "../system-call.ts";

/** Bytes asked of the source at once: what the web's `crypto.getRandomValues` gives at most. */
const CHUNK_BYTES = 65_536;

/** Fills an array with random bytes; arrays have at most 65,536. */
export type RandomSource = (bytes: Uint8Array<ArrayBuffer>) => void;

/**
 * The call that gives random bytes.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#random_get
 */
export function randomnessCalls(memory: GuestMemory, random: RandomSource): SystemCalls {
  return {
    random_get(pointer: number, length: number) {
      memory.range(pointer, length);
      for (let done = 0; done < length; done += CHUNK_BYTES) {
        const chunk = new Uint8Array(Math.min(CHUNK_BYTES, length - done));
        random(chunk);
        memory.write(pointer + done, chunk);
      }
    },
  };
}
