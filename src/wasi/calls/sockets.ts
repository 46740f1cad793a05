import { Errno } from "../../files/errno.ts";
import { WasiError } from "../../files/wasi-error.ts";
import type { SystemCalls } from "../system-call.ts";

/**
 * Calls on sockets. No descriptor is a socket, so each call fails with ENOTSOCK.
 *
 * @param assertOpen Throws a `WasiError` (EBADF) when a descriptor is not open.
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#sock_accept
 */
export function socketCalls(assertOpen: (fd: number) => void): SystemCalls {
  const refuse = (fd: number): void => {
    assertOpen(fd);
    throw new WasiError(Errno.ENOTSOCK);
  };
  return {
    sock_accept: refuse,
    sock_recv: refuse,
    sock_send: refuse,
    sock_shutdown: refuse,
  };
}
