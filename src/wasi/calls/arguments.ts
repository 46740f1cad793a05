import type { GuestMemory } from "../guest-memory.ts";
import type { StringList } from "../string-list.ts";
import type { SystemCalls } from "../system-call.ts";

/**
 * Calls that return the guest's arguments and environment.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#args_get
 */
export function argumentCalls(memory: GuestMemory, args: StringList, env: StringList): SystemCalls {
  const sizes = (list: StringList) => (count: number, bytes: number) => {
    memory.range(count, 4);
    memory.range(bytes, 4);
    memory.setU32(count, list.length);
    memory.setU32(bytes, list.bytes);
  };
  const get = (list: StringList) => (pointers: number, strings: number) => {
    memory.range(pointers, list.length * 4);
    memory.range(strings, list.bytes);
    let pointer = pointers;
    let at = strings;
    for (const string of list) {
      memory.setU32(pointer, at);
      memory.write(at, string);
      pointer += 4;
      at += string.length;
    }
  };
  return {
    args_sizes_get: sizes(args),
    args_get: get(args),
    environ_sizes_get: sizes(env),
    environ_get: get(env),
  };
}
