import { describeThrown } from "../../wording/describe-thrown.ts";
import type { PluginOptions } from "./plugin-options.ts";

/** What may be named. Who cannot be understood must not get less isolation than was meant. */
const CHOICES: {
  readonly [Name in "isolation" | "blocking" | "interruption"]: readonly NonNullable<
    PluginOptions[Name]
  >[];
} = {
  isolation: ["worker", "strict"],
  blocking: ["auto", "jspi", "shared-memory"],
  interruption: ["auto", "epoch", "fuel", "terminate"],
};

/** @throws {TypeError} for what is no choice, or no engine. */
export function checkGrants(grants: Pick<PluginOptions, keyof typeof CHOICES | "wasi">): void {
  for (const name of Object.keys(CHOICES) as (keyof typeof CHOICES)[]) {
    const choices: readonly unknown[] = CHOICES[name];
    const chosen = grants[name];
    if (chosen === undefined || choices.includes(chosen)) continue;
    throw new TypeError(
      `Cannot set ${name} "${describeThrown(chosen)}": no such choice, expected one of ${choices.join(", ")}`,
    );
  }
  const { wasi } = grants as { readonly wasi?: Partial<NonNullable<PluginOptions["wasi"]>> | null };
  if (wasi === undefined || typeof wasi?.workerSource === "string") return;
  throw new TypeError(
    'Cannot set wasi: no "workerSource" in it, expected an engine such as wasmer() of cloche/wasmer',
  );
}
