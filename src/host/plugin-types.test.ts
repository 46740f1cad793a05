import { expectTypeOf, test } from "vitest";
import type { GuestFunction } from "./calls/guest-function.ts";
import type { HostCallContext } from "./grants/host-function.ts";
import type { LoadOptions } from "./load-plugin.ts";
import type { Plugin } from "./plugin.ts";

/** As `declarePlugin` prints it. */
interface Shell {
  double(x: readonly number[] | Float64Array): number[];
  later(text: string): Promise<string>;
}

interface ShellHost {
  run(command: string): Uint8Array | Promise<Uint8Array>;
}

test("the functions of a plugin have the types of its declarations", () => {
  type Api = Plugin<Shell>["api"];
  expectTypeOf<Api["double"]>().toEqualTypeOf<
    GuestFunction<[x: readonly number[] | Float64Array], number[]>
  >();
  expectTypeOf<Api["later"]>().toEqualTypeOf<GuestFunction<[text: string], string>>();
  // @ts-expect-error -- there is none
  expectTypeOf<Api["none"]>();
});

test("one function by name has them too", () => {
  const find = (plugin: Plugin<Shell>) => plugin.function("double");
  expectTypeOf(find).returns.toEqualTypeOf<Plugin<Shell>["api"]["double"]>();
  // @ts-expect-error -- there is none
  void ((plugin: Plugin<Shell>) => plugin.function("none"));
});

test("a plugin without declarations has functions of unknown types", () => {
  type Api = Plugin["api"];
  expectTypeOf<NonNullable<Api["double"]>>().toEqualTypeOf<GuestFunction<unknown[], unknown>>();
});

test("plain host functions have the types of the declarations, and a context", () => {
  const options: LoadOptions<ShellHost> = {
    hostFunctions: {
      run: (command, context) => {
        expectTypeOf(command).toBeString();
        expectTypeOf(context).toEqualTypeOf<HostCallContext>();
        return new Uint8Array();
      },
    },
  };
  expectTypeOf(options.hostFunctions).not.toBeUndefined();
  ({
    hostFunctions: { run: (command) => new Uint8Array(command.length) },
  }) satisfies LoadOptions<ShellHost>;
  // @ts-expect-error -- another result
  ({ hostFunctions: { run: () => 5 } }) satisfies LoadOptions<ShellHost>;
  // @ts-expect-error -- it is missing
  ({ hostFunctions: {} }) satisfies LoadOptions<ShellHost>;
});

test("plain host functions without declarations may have any types", () => {
  const options: LoadOptions = { hostFunctions: { run: (command: string) => command.length } };
  expectTypeOf(options.hostFunctions).not.toBeUndefined();
});
