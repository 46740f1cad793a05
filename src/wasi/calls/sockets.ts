import { Errno } from "../../files/errno.ts";
import { WasiError } from "../../files/wasi-error.ts";
import type { DescriptorTable } from "../descriptor-table.ts";
import type { SystemCalls } from "../system-call.ts";

/**
 * Calls on sockets. There are none: any open descriptor is something else.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#sock_accept
 */
export function socketCalls(descriptors: DescriptorTable): SystemCalls {
  const refuse = (fd: number): void => {
    descriptors.get(fd);
    throw new WasiError(Errno.ENOTSOCK);
  };
  return {
    sock_accept: refuse,
    sock_recv: refuse,
    sock_send: refuse,
    sock_shutdown: refuse,
  };
}
