/** What `proc_exit` throws through the guest: the only thing that a system call ever throws. */
export class WasiExit extends Error {
  /** What the guest passed to `proc_exit`, 0 to 2^32 - 1. */
  readonly exitCode: number;

  static {
    WasiExit.prototype.name = "WasiExit";
  }

  constructor(exitCode: number) {
    super(`The guest exited with code ${exitCode}`);
    this.exitCode = exitCode;
  }
}
