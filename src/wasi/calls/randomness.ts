import type { GuestMemory } from "../guest-memory.ts";
import type { SystemCalls } from "../system-call.ts";

/** The maximum that `crypto.getRandomValues` accepts. */
const MAX_REQUEST_BYTES = 65_536;

/** Fills an array of at most 65,536 bytes with random bytes. */
export type RandomSource = (bytes: Uint8Array<ArrayBuffer>) => void;

/**
 * The call that returns random bytes.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#random_get
 */
export function randomnessCalls(memory: GuestMemory, random: RandomSource): SystemCalls {
  return {
    random_get(pointer: number, length: number) {
      memory.range(pointer, length);
      for (let done = 0; done < length; done += MAX_REQUEST_BYTES) {
        const chunk = new Uint8Array(Math.min(MAX_REQUEST_BYTES, length - done));
        random(chunk);
        memory.write(pointer + done, chunk);
      }
    },
  };
}
