import { describe, expect, test } from "vitest";
import { checkGrants } from "./check-options.ts";
import type { PluginOptions } from "./plugin-options.ts";

describe("what a plugin is lent", () => {
  test.each<PluginOptions>([
    {},
    { isolation: "strict", blocking: "jspi", interruption: "fuel" },
    { isolation: "worker", blocking: "auto", interruption: "auto" },
    { blocking: "shared-memory", interruption: "epoch" },
    { interruption: "terminate", wasi: { workerSource: "" } },
  ])("is taken where it is a choice: %o", (grants) => {
    expect(() => checkGrants(grants)).not.toThrow();
  });

  test.each([
    [{ isolation: "Strict" }, 'Cannot set isolation "Strict": no such choice, expected one of w'],
    [{ isolation: null }, 'Cannot set isolation "null": no such choice'],
    [{ isolation: true }, 'Cannot set isolation "true": no such choice'],
    [{ isolation: ["strict"] }, 'Cannot set isolation "strict": no such choice'],
    [{ blocking: "JSPI" }, 'Cannot set blocking "JSPI": no such choice, expected one of auto, j'],
    [{ interruption: "" }, 'Cannot set interruption "": no such choice, expected one of auto, e'],
    [{ interruption: Object.create(null) }, 'Cannot set interruption "something that cannot be'],
    [{ wasi: {} }, 'Cannot set wasi: no "workerSource" in it, expected an engine'],
    [{ wasi: null }, 'Cannot set wasi: no "workerSource"'],
    [{ wasi: () => {} }, 'Cannot set wasi: no "workerSource"'],
  ])("is refused where it is none, and never taken for less: %o", (grants, message) => {
    const check = () => checkGrants(grants as unknown as PluginOptions);
    expect(check).toThrow(TypeError);
    expect(check).toThrow(message);
  });
});
