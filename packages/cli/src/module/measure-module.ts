/** What a module uses of the limits that apply to modules. */

import { DEFAULT_LIMITS, type Limits, loadPlugin, PluginLimitError } from "cloche";

/** One limit: how much of it a module uses. */
export interface LimitUse {
  readonly limit: string;
  readonly value: number;
  readonly allowed: number;
}

/** Limits that are checked together. Of two of one function the first hides the second. */
const GROUPS: readonly (readonly (keyof Limits)[])[] = [
  [
    ...(["declarationBytes", "types", "functions", "imports", "exports", "tableElements"] as const),
    ...(["memoryBytes", "memories", "sharedMemories", "tagValues", "gcTypes"] as const),
  ],
  ["functionBytes"],
  ["functionComplexity"],
];

/**
 * Measures a module with the library's own checks: where nothing is allowed, its error names every amount.
 * No code of the module runs.
 *
 * @param allowed The limits to compare with.
 */
export async function measureModule(
  bytes: Uint8Array<ArrayBuffer>,
  allowed: Limits = DEFAULT_LIMITS,
): Promise<readonly LimitUse[]> {
  const lifted = Object.fromEntries(
    GROUPS.flat().map((limit) => [limit, Number.POSITIVE_INFINITY]),
  );
  const uses = await Promise.all(
    GROUPS.map((group) => {
      const none = Object.fromEntries(group.map((limit) => [limit, 0]));
      return usesOf(bytes, { ...allowed, ...lifted, ...none });
    }),
  );
  const own = { limit: "moduleBytes", value: bytes.length };
  return [own, ...uses.flat()].map(({ limit, value }) => ({
    limit,
    value,
    allowed: allowed[limit as keyof Limits],
  }));
}

async function usesOf(
  bytes: Uint8Array<ArrayBuffer>,
  limits: Limits,
): Promise<readonly { readonly limit: string; readonly value: number }[]> {
  try {
    const plugin = await loadPlugin(bytes.slice(), { limits });
    plugin.terminate();
    return [];
  } catch (error) {
    return error instanceof PluginLimitError ? error.exceeded : [];
  }
}
