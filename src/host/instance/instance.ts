/** One instance of a plugin, in a worker of its own. */

import { PluginHostFunctionError } from "../../errors.ts";
import type { HostFunctionTable } from "../grants/host-function.ts";
import type { Isolate } from "./isolate.ts";

export class Instance {
  readonly isolate: Isolate;
  readonly hostFunctions: HostFunctionTable;
  /** Resolves when its files are there, which then answer, though nothing of the guest has run. */
  readonly prepared: Promise<unknown>;
  #started: Promise<void> | undefined;
  #isUp = false;

  constructor(isolate: Isolate, hostFunctions: HostFunctionTable, prepared: Promise<unknown>) {
    this.isolate = isolate;
    this.hostFunctions = hostFunctions;
    this.prepared = prepared;
  }

  /** Whether it takes calls, as far as is known. */
  get isUp(): boolean {
    return this.#isUp && this.isolate.reason === undefined;
  }

  /**
   * Instantiates the module and runs `_initialize`, the first time that this is called.
   *
   * @throws {PluginError} what the guest raised, or why the worker did not start.
   */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  async #start(): Promise<void> {
    try {
      await Promise.all([this.prepared, this.isolate.start()]);
      this.#isUp = true;
    } catch (error) {
      // The page knows what a host function failed of; the worker does not.
      if (!(error instanceof PluginHostFunctionError)) throw error;
      throw this.hostFunctions.takeFailure() ?? error;
    }
  }
}
