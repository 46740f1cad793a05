import { describe, expect, test } from "vitest";
import { decode, Encoder } from "../../codec/message.ts";
import { t } from "../../codec/t.ts";
import { PluginHostFunctionError } from "../../errors.ts";
import { DEFAULT_LIMITS } from "../../limits.ts";
import { EventHub } from "../events/event-hub.ts";
import { HandleTable } from "./handle-table.ts";
import { type HostCallContext, hostFunction } from "./host-function.ts";
import { HostFunctionTable } from "./host-function-table.ts";
import { lendFunctions } from "./lent-functions.ts";

const limits = DEFAULT_LIMITS;
const encoder = new Encoder(limits);

/** A table with one function, and what its guest calls it with. */
function serving(call: (value: number, context: HostCallContext) => number | Promise<number>) {
  const functions = { f: hostFunction([t.u32], t.u32, call) };
  const table = new HostFunctionTable(
    lendFunctions(functions, undefined, new HandleTable(0, undefined)),
    undefined,
    "p",
    limits,
    new EventHub(),
  );
  const args = () => encoder.encode(t.tuple(t.u32), [7] as never);
  const ask = (run = 1) => table.answer({ kind: "function", run, index: 0, args: args() });
  return { table, ask };
}

/** What the worker says of a host function that failed: it does not know why. */
const FAILED = new PluginHostFunctionError("failed", { pluginName: "p", functionName: "f" });

describe("a host function", () => {
  test("gets its arguments, the plugin's name and a signal", async () => {
    const seen: unknown[] = [];
    const { ask } = serving((value, { signal, pluginName }) => {
      seen.push(value, pluginName, signal.aborted);
      return value + 1;
    });
    const answer = (await ask()) as Uint8Array;
    expect([decode(t.u32, answer, limits), ...seen]).toEqual([8, 7, "p", false]);
  });

  test("gets an aborted signal when its guest call has returned without waiting for it", async () => {
    let context: HostCallContext | undefined;
    const { table, ask } = serving((value, given) => {
      context = given;
      return value;
    });
    await ask();
    expect([table.endRun(1), context?.signal.aborted]).toEqual([undefined, true]);
    expect(context?.signal.reason).toHaveProperty("name", "AbortError");
  });

  test("gets the reason for the failure of its guest call while it still runs", async () => {
    const heard: unknown[] = [];
    const { table, ask } = serving((_value, { signal }) => {
      signal.addEventListener("abort", () => heard.push(signal.reason));
      return new Promise<never>(() => {});
    });
    const error = new Error("terminated");
    void ask();
    expect(table.endRun(1, error)).toBe(error);
    expect(heard).toEqual([error]);
  });

  test("has the signal of its guest call, not of an earlier one", async () => {
    const signals: AbortSignal[] = [];
    const { table, ask } = serving((value, { signal }) => {
      signals.push(signal);
      return value;
    });
    await ask(1);
    await ask(2);
    await ask(2);
    table.endRun(1);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false, false]);
    expect(new Set(signals).size).toBe(2);
  });

  test("that fails makes only its guest call reject, with its error", async () => {
    const cause = new RangeError("no such command");
    let isFailing = true;
    const { table, ask } = serving((value) => {
      if (isFailing) throw cause;
      return value;
    });
    expect(await ask(1)).toBeUndefined();
    const failure = table.endRun(1, FAILED);
    expect(failure).toBeInstanceOf(PluginHostFunctionError);
    expect(failure).toMatchObject({
      message: 'Host function "f" of plugin "p" failed: no such command',
      functionName: "f",
      cause,
    });
    isFailing = false;
    expect(await ask(2)).toBeInstanceOf(Uint8Array);
    expect(table.endRun(2)).toBeUndefined();
  });
});
