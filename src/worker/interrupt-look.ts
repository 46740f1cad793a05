/** Whether the guest is to stop, asked where it is not its own code that takes the time. */

import { PluginClosedError } from "../errors.ts";
import type { StartOptions } from "../protocol/start-options.ts";
import type { FuelMeter } from "./fuel-meter.ts";

/**
 * Makes what is called before each import, and now and then in one that takes long: a guest that does
 * nothing but call them meets few checks of its own.
 *
 * @returns A function that throws what is to end the guest.
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
