/** Runs a script of WebAssembly's test suite on all forms of its modules beside each other. */

import { stateDifference, type Verdict } from "./compare.ts";
import { type Outcome, outcomeOf } from "./describe.ts";
import { Side } from "./sides.ts";

/** What a script asks for; `id` names a module, and without one it is the last. */
export type Command =
  | { readonly op: "module"; readonly id?: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly op: "register"; readonly id?: string; readonly as: string }
  | { readonly op: "invoke"; readonly id?: string; readonly field: string; readonly args: number[] }
  | { readonly op: "get"; readonly id?: string; readonly field: string }
  /** A module that is none. */
  | { readonly op: "broken"; readonly bytes: Uint8Array<ArrayBuffer> }
  /** A module that could not be read: what follows has none to speak of. */
  | { readonly op: "none" };

export interface Script {
  readonly commands: readonly Command[];
  /** Exports a function without parameters for each argument, by its number. */
  readonly constants: Uint8Array<ArrayBuffer>;
}

const FUEL = { fuel: 100_000n, refillMs: 60_000 };

/** @param checkBroken What to hold modules against that are none. */
export function runScript(
  { commands, constants }: Script,
  checkBroken: (bytes: Uint8Array<ArrayBuffer>) => Verdict | undefined,
): Verdict {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(constants));
  const constant = (index: number) => (exports[index] as () => unknown)();
  const original = new Player(undefined, constant);
  const others = (["fuel", "terminate", "epoch"] as const).map(
    (form) => new Player(form, constant),
  );
  let calls = 0;
  let traps = 0;
  for (const command of commands) {
    if (command.op === "broken") {
      const verdict = checkBroken(command.bytes);
      if (verdict !== undefined) return verdict;
      continue;
    }
    const wanted = original.play(command);
    const outcomes = others.map((player): [Player, Outcome] => [player, player.play(command)]);
    // Where the forms differ in how deep they get, there is nothing else to see.
    if (
      [wanted, ...outcomes.map(([, outcome]) => outcome)].some(({ kind }) => kind === "overflow")
    ) {
      continue;
    }
    calls += 1;
    if (wanted.kind === "threw") traps += 1;
    for (const [{ form, last }, outcome] of outcomes) {
      const difference =
        outcome.text !== wanted.text
          ? outcome.text
          : original.last && last && stateDifference(last, original.last);
      if (difference === undefined) continue;
      const what = JSON.stringify({ ...command, bytes: undefined });
      const why = `${what}, number ${commands.indexOf(command)}, in the form "${form}": ${difference}`;
      return { kind: "different", why: `${why}, expected ${wanted.text}` };
    }
  }
  return { kind: "same", calls, traps };
}

/** Does what a script asks for with one form of its modules. */
class Player {
  readonly form: ConstructorParameters<typeof Side>[1];
  readonly #constant: (index: number) => unknown;
  readonly #sides: Map<string, Side> = new Map();
  readonly #imports: WebAssembly.Imports = { spectest: testHost() };
  last: Side | undefined;

  constructor(form: Player["form"], constant: (index: number) => unknown) {
    this.form = form;
    this.#constant = constant;
  }

  play(command: Exclude<Command, { op: "broken" }>): Outcome {
    return outcomeOf(() => {
      switch (command.op) {
        case "module": {
          this.last = undefined;
          const side = new Side(command.bytes, this.form, { ...FUEL, imports: this.#imports });
          side.start();
          this.last = side;
          if (command.id !== undefined) this.#sides.set(command.id, side);
          return undefined;
        }
        case "register":
          this.#imports[command.as] = Object.fromEntries(this.#side(command).exports());
          return undefined;
        case "invoke":
          return this.#side(command).call(command.field, command.args.map(this.#constant));
        case "get":
          return (this.#side(command).exports().get(command.field) as WebAssembly.Global).value;
        case "none":
          this.last = undefined;
          return undefined;
      }
    });
  }

  #side({ id }: { readonly id?: string }): Side {
    const side = id === undefined ? this.last : this.#sides.get(id);
    if (side === undefined) throw new Error(`no module ${id}`);
    return side;
  }
}

/** What scripts import from "spectest", apart from its functions, which only take notes. */
function testHost(): WebAssembly.ModuleImports {
  return {
    global_i32: new WebAssembly.Global({ value: "i32" }, 666),
    global_i64: new WebAssembly.Global({ value: "i64" }, 666n),
    global_f32: new WebAssembly.Global({ value: "f32" }, 666.6),
    global_f64: new WebAssembly.Global({ value: "f64" }, 666.6),
    table: new WebAssembly.Table({ initial: 10, maximum: 20, element: "anyfunc" }),
    memory: new WebAssembly.Memory({ initial: 1, maximum: 2 }),
  };
}
