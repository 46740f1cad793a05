/** Checks for interrupts in imports, whose code has no checks of its own. */

import { PluginClosedError } from "../errors.ts";
import type { StartOptions } from "../protocol/start-options.ts";
import type { FuelMeter } from "./fuel-meter.ts";

/**
 * Creates a function that is called before each import, and repeatedly in one that takes long: a guest
 * that only calls imports runs few checks of its own.
 *
 * @returns A function that throws the error to end the guest with.
 */
export function createInterruptLook(
  { module: { flag }, pluginName }: StartOptions,
  meter: FuelMeter | undefined,
): () => void {
  if (meter !== undefined) return meter.look;
  if (flag === undefined) return () => {};
  const numbers = new Int32Array(flag.memory.buffer);
  const index = flag.address / numbers.BYTES_PER_ELEMENT;
  return () => {
    if (Atomics.load(numbers, index) === flag.generation) return;
    throw new PluginClosedError(`Plugin "${pluginName}" was interrupted`, { pluginName });
  };
}
