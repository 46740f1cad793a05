/** Where a test makes a call, so that errors and steps of the report lead there. */

import { CodecError, PluginError } from "cloche";

/** A place in a test. */
export interface CallSite {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The frames of the caller of a function of this package. */
export class CallerStack {
  readonly #frames: readonly string[];

  /** @param below The function that the test has called. */
  constructor(below: (...args: never[]) => unknown) {
    const holder: { stack?: string } = {};
    Error.captureStackTrace(holder, below);
    this.#frames = (holder.stack ?? "").split("\n").slice(1);
  }

  /** The place of the call, if the engine says. */
  get site(): CallSite | undefined {
    const found = /(?:\(|at (?:async )?)(?:file:\/\/)?([^()]+):(\d+):(\d+)\)?$/.exec(
      this.#frames[0] ?? "",
    );
    const [, file, line, column] = found ?? [];
    if (file === undefined) return undefined;
    return { file, line: Number(line), column: Number(column) };
  }

  /** Runs a request, whose errors get the stack of the call. */
  async during<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      if (error instanceof PluginError || error instanceof CodecError) {
        // The first line alone: Playwright takes a line with a place, such as that of a panic, for a frame.
        const [title] = `${error.name}: ${error.message}`.split("\n");
        error.stack = [title, ...this.#frames].join("\n");
      }
      throw error;
    }
  }
}
