/** Calls of the plugin `everything`, most of which fail on purpose. */

import { type HostFunction, hostFunction, type Plugin, t } from "cloche";

export interface FailureCase {
  readonly title: string;
  readonly detail: string;
  /** The code of the call, as a reader of the page would write it. */
  readonly code: string;
  run(plugin: Plugin): Promise<unknown>;
}

/** The host functions of the plugin: one always throws, two work. */
export const hostFunctions: Readonly<Record<string, HostFunction>> = {
  run: hostFunction([t.string], t.bytes, (command) => {
    throw new Error(`the page has no shell to run "${command}" in`);
  }),
  add: hostFunction([t.i32, t.i32], t.i32, (a, b) => a + b),
  note: hostFunction([], t.unit, () => undefined),
};

export const failureCases: readonly FailureCase[] = [
  {
    title: "Print a line",
    detail: "No failure: stdout arrives as text",
    code: `const print = plugin.function("print", [t.string], t.unit);
await print("Hello from under the glass\\n");`,
    run: (plugin) => plugin.function("print", [t.string], t.unit)("Hello from under the glass\n"),
  },
  {
    title: "Panic",
    detail: "Rust’s panic! with a message",
    code: `const panic = plugin.function("panic_with", [t.string], t.unit);
await panic("the shelf is empty");`,
    run: (plugin) => plugin.function("panic_with", [t.string], t.unit)("the shelf is empty"),
  },
  {
    title: "Loop forever",
    detail: "Stopped after 200 ms",
    code: `const spin = plugin.function("spin", [], t.unit);
await spin.with({ timeoutMs: 200 })();`,
    run: (plugin) => plugin.function("spin", [], t.unit).with({ timeoutMs: 200 })(),
  },
  {
    title: "Recurse forever",
    detail: "Until the stack overflows",
    code: `const overflow = plugin.function("overflow_stack", [], t.u64);
await overflow();`,
    run: (plugin) => plugin.function("overflow_stack", [], t.u64)(),
  },
  {
    title: "Pass a wrong type",
    detail: "A string instead of an f64",
    code: `const point = t.struct({ x: t.f64, y: t.f64, label: t.string });
const echo = plugin.function("echo_struct", [point], point);
await echo({ x: 1, y: "2", label: "here" });`,
    run: (plugin) => {
      const point = t.struct({ x: t.f64, y: t.f64, label: t.string });
      const echo = plugin.function("echo_struct", [point], point);
      // The compiler rejects this; a value from JavaScript or JSON gets this far.
      return echo({ x: 1, y: "2" as unknown as number, label: "here" });
    },
  },
  {
    title: "Call a missing function",
    detail: "The plugin exports no “triple”",
    code: `plugin.function("triple", [t.vec(t.f64)], t.vec(t.f64));`,
    run: async (plugin) => plugin.function("triple", [t.vec(t.f64)], t.vec(t.f64))([1, 2, 3]),
  },
  {
    title: "Throw in a host function",
    detail: "The guest calls the page, the page throws",
    code: `// hostFunctions: { run: hostFunction([t.string], t.bytes, (command) => { throw … }) }
const callRun = plugin.function("call_run", [t.string], t.bytes);
await callRun("ls");`,
    run: (plugin) => plugin.function("call_run", [t.string], t.bytes)("ls"),
  },
  {
    title: "Exit",
    detail: "std::process::exit(3)",
    code: `const exit = plugin.function("exit_with", [t.i32], t.unit);
await exit(3);`,
    run: (plugin) => plugin.function("exit_with", [t.i32], t.unit)(3),
  },
];
