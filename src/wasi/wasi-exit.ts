/** Thrown by `proc_exit` through the guest. No other system call throws. */
export class WasiExit extends Error {
  /** The argument of `proc_exit`, 0 to 2^32 - 1. */
  readonly exitCode: number;

  static {
    WasiExit.prototype.name = "WasiExit";
  }

  constructor(exitCode: number) {
    super(`The guest exited with code ${exitCode}`);
    this.exitCode = exitCode;
  }
}
