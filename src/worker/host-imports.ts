/** The host functions as the guest imports them: reads arguments from its memory, and writes the page's answer into it. */

import type { GuestBuffers } from "../abi/guest-buffers.ts";
import { wasmName } from "../abi/names.ts";
import { PluginHostFunctionError, PluginLinkError } from "../errors.ts";
import type { HostAnswer } from "../protocol/messages.ts";
import type { StartOptions } from "../protocol/start-options.ts";
import { limitError } from "../wording/limit-error.ts";
import type { ImportGuard } from "./import-guard.ts";
import { suspending } from "./jspi.ts";

/** Calls host function number `index`. The caller gives the arguments up. */
export type CallPage = (index: number, args: Uint8Array) => HostAnswer | Promise<HostAnswer>;

export interface HostImportsOptions {
  readonly callPage: CallPage;
  readonly guard: ImportGuard;
  /** The buffers of the instance; `undefined` while the engine instantiates its module. */
  readonly buffers: () => GuestBuffers | undefined;
}

/** The imports, by the name that the guest imports them by. */
export function createHostImports(
  options: StartOptions,
  { callPage, guard, buffers }: HostImportsOptions,
): WebAssembly.ModuleImports {
  const { pluginName, limits } = options;
  const { blocking, functions } = options.hostCalls;
  /** Host calls in progress. There are several if a guest makes one while it receives the answer of another. */
  let depth = 0;
  const enter = (): void => {
    const [value, allowed] = [depth + 1, limits.hostCallDepth];
    if (value > allowed) {
      throw limitError(pluginName, { limit: "hostCallDepth", value, allowed });
    }
    depth = value;
  };
  const leave = (): void => {
    depth -= 1;
  };

  const hostImport = (functionName: string, index: number): WebAssembly.ImportValue => {
    const linked = (): GuestBuffers => {
      const found = buffers();
      if (found !== undefined) return found;
      throw new PluginLinkError(
        `Cannot call host function "${functionName}" of plugin "${pluginName}" in the module's start function: its exports are not available yet`,
        { pluginName },
      );
    };
    const finish = (answer: HostAnswer): bigint => {
      if (answer !== undefined) return linked().give(answer);
      throw new PluginHostFunctionError(
        `Host function "${functionName}" of plugin "${pluginName}" failed`,
        { pluginName, functionName },
      );
    };
    if (blocking === "jspi") {
      const call = async (args: bigint): Promise<bigint> => {
        enter();
        try {
          return finish(await callPage(index, linked().take(args)));
        } finally {
          leave();
        }
      };
      return suspending(guard.guarded(call));
    }
    return guard.guarded((args: bigint) => {
      enter();
      try {
        return finish(callPage(index, linked().take(args)) as HostAnswer);
      } finally {
        leave();
      }
    });
  };
  return Object.fromEntries(
    functions.map((name, index) => [wasmName(name), hostImport(name, index)]),
  );
}
