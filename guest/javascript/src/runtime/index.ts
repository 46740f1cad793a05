/**
 * The part of a plugin that runs beside its code in QuickJS: converts values, calls the plugin's
 * functions and the host's, and reports errors. The build makes a function of it, which returns
 * {@link dispatch}.
 */
import type { Signature } from "../description.ts";
import type { Codec } from "./codec.ts";
import { codecsOf } from "./codecs.ts";
import {
  print,
  printError,
  readFile,
  readInput,
  readTextFile,
  readTextInput,
  writeFile,
} from "./files.ts";
import { defineGlobals, describeError, stacks, startClock } from "./globals.ts";
import { beginReading, beginWriting, dropWriting, endWriting } from "./message.ts";
import { within } from "./misfit.ts";
import { callHost, MEMORY_BASE, release, runJobs, state, view } from "./native.ts";
import type { PluginScript } from "./plugin-script.ts";
import { dropping, withBorrows } from "./resource.ts";
import { mapStack } from "./source-map.ts";

const START = -1;
const COMPILE = -2;
const FAIL = -3;

interface BoundSignature {
  readonly name: string;
  readonly parameters: readonly Codec[];
  readonly names: readonly string[];
  readonly result: Codec;
}

type Call = (...values: unknown[]) => unknown;

let script: PluginScript;
let signatures: readonly BoundSignature[] = [];
let functions: readonly Call[] = [];

defineGlobals();

/** What the shim calls: the function at an index, or one of the tasks above. */
export function dispatch(index: number, first: unknown, length: number): void {
  try {
    if (index === FAIL) throw first;
    if (index === COMPILE) compile(first as PluginScript);
    else if (index === START) start();
    else withBorrows(() => serve(index, first as number, length));
  } catch (error) {
    // Of no use to what is reported next.
    dropWriting();
    printError(`${describeError(error)}\n`);
    throw error;
  }
}

/** Takes the plugin's script, when the plugin is linked. */
function compile(compiled: PluginScript): void {
  script = compiled;
  stacks.map = (stack) => mapStack(stack, script.sourceMap);
  const codecOf = codecsOf(script.description.types);
  const bind = ({ name, parameters, result }: Signature): BoundSignature => ({
    name,
    names: parameters.map((parameter) => parameter.name),
    parameters: parameters.map(({ type }) => codecOf(type)),
    result: codecOf(result),
  });
  signatures = script.description.exports.map(bind);
  for (const [index, signature] of script.description.imports.entries()) {
    const value = hostFunction(index, bind(signature));
    hostFunctions.set(signature.name, value);
    Object.defineProperty(globalThis, signature.name, {
      value,
      writable: true,
      configurable: true,
    });
  }
  // The linker puts it after the imports that the plugin declares.
  dropping.drop = hostFunction(script.description.imports.length, {
    name: "drop_resource",
    names: ["handle"],
    parameters: [codecOf("u64")],
    result: codecOf("()"),
  });
}

const hostFunctions = new Map<string, Call>();

const SDK = {
  print,
  printError,
  readFile,
  readInput,
  readTextFile,
  readTextInput,
  writeFile,
  hostFunction: (name: string): Call => {
    const found = hostFunctions.get(name);
    if (found === undefined)
      throw new Error(`"${name}" is no host function: declare its type at the top of a module`);
    return found;
  },
};

function start(): void {
  startClock();
  const exported = script.load(SDK);
  functions = signatures.map(({ name }) => exported[name] as Call);
  runJobs();
}

function serve(index: number, pointer: number, length: number): void {
  const { name, parameters, result } = signatures[index] as BoundSignature;
  beginReading(pointer, length);
  const values = parameters.map((parameter) => parameter.read());
  const returned = (functions[index] as Call)(...values);
  runJobs();
  const value = settled(returned, name);
  beginWriting();
  try {
    result.write(value as never);
  } catch (error) {
    throw within(error, "Result", ` of "${name}"`);
  }
  const message = endWriting();
  view.setUint32(state - MEMORY_BASE, message.pointer, true);
  view.setUint32(state - MEMORY_BASE + 4, message.length, true);
}

/** The value of a promise. */
function settled(value: unknown, name: string): unknown {
  if (!(value instanceof Promise)) return value;
  let outcome: { value?: unknown; error?: unknown } | undefined;
  value.then(
    (result: unknown) => (outcome = { value: result }),
    (error: unknown) => (outcome = { error }),
  );
  runJobs();
  if (outcome === undefined)
    throw new Error(`The promise of "${name}" never settles: nothing is left that could settle it`);
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}

function hostFunction(index: number, { name, names, parameters, result }: BoundSignature): Call {
  return (...values) => {
    if (values.length < parameters.length)
      throw new TypeError(`"${name}" needs ${parameters.length} arguments, not ${values.length}`);
    beginWriting();
    for (const [position, parameter] of parameters.entries()) {
      try {
        parameter.write(values[position] as never);
      } catch (error) {
        dropWriting();
        throw within(error, `Argument ${names[position]}`, ` of "${name}"`);
      }
    }
    const message = endWriting();
    callHost(index, message.pointer, message.length);
    const pointer = view.getUint32(state - MEMORY_BASE, true);
    const length = view.getUint32(state - MEMORY_BASE + 4, true);
    beginReading(pointer, length);
    const value = result.read();
    if (length > 0) release(pointer);
    return value;
  };
}
