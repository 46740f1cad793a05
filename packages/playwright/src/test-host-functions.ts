/** Functions of the test that a plugin on the page calls. */

import type { HostCallContext, HostFunctions, TypeDescription } from "cloche";
import type { CallTrace } from "./call-trace.ts";
import { typesOf } from "./wire/codec-types.ts";
import type { WireHostFunction } from "./wire/messages.ts";

type AnyCall = (...args: readonly unknown[]) => unknown;

export class TestHostFunctions {
  /** What the page needs to know of them. */
  readonly types: readonly WireHostFunction[];
  readonly #calls: ReadonlyMap<string, AnyCall>;
  readonly #trace: CallTrace;
  /** Of the host calls that run, by their numbers. */
  readonly #controllers: Map<number, AbortController> = new Map();

  constructor(functions: HostFunctions | undefined, trace: CallTrace) {
    const given = Object.entries(functions ?? {}).map(([name, value]) => {
      if (typeof value === "function") return { name, types: undefined, call: value };
      const { params, result, call } = value;
      return { name, types: typesOf(itemsOf(params.type), result.type), call: call as AnyCall };
    });
    this.types = given.map(({ name, types }) => ({ name, types }));
    this.#calls = new Map(given.map(({ name, call }) => [name, call]));
    this.#trace = trace;
  }

  /** @throws what the function throws */
  async call(
    id: number,
    name: string,
    args: readonly unknown[],
    pluginName: string,
  ): Promise<unknown> {
    const controller = new AbortController();
    this.#controllers.set(id, controller);
    const context: HostCallContext = { signal: controller.signal, pluginName };
    try {
      return await this.#trace.followHostCall(name, args, async () =>
        this.#calls.get(name)?.(...args, context),
      );
    } finally {
      this.#controllers.delete(id);
    }
  }

  /** Tells a function that nobody waits for its result any more. */
  abort(id: number): void {
    this.#controllers.get(id)?.abort();
  }
}

/** The types of the parameters, which a host function has as one tuple. */
function itemsOf(params: TypeDescription): readonly TypeDescription[] {
  return params.kind === "tuple" ? params.items : [];
}
