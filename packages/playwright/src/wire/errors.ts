/** Errors on their way from the page to the test, where they are of the same classes again. */

import * as cloche from "cloche";
import { pack } from "./packing.ts";

/** Something that was thrown, as plain data. */
export type WireThrown =
  | {
      readonly kind: "error";
      readonly name: string;
      readonly message: string;
      /** The fields of its class. */
      readonly details: Readonly<Record<string, unknown>>;
      readonly cause: WireThrown | undefined;
    }
  /** What is no error. */
  | { readonly kind: "value"; readonly value: unknown }
  /** What a function of the test has thrown, by its number. */
  | { readonly kind: "of-test"; readonly id: number }
  /** The reason of the signal that the test has aborted. */
  | { readonly kind: "aborted" };

/** Stands on the page for what a function of the test has thrown. */
export class ThrownInTest extends Error {
  readonly id: number;

  constructor(id: number, message: string) {
    super(message);
    this.id = id;
  }
}

/** Stands on the page for the reason of a signal of the test. */
export const ABORTED: unique symbol = Symbol("aborted");

interface ErrorClass {
  new (message: string, options: never): Error;
  readonly prototype: Error;
}

/** All classes of errors that the library exports: their constructors take the fields as options. */
const OF_LIBRARY: readonly ErrorClass[] = Object.values<unknown>(cloche).filter(isErrorClass);

const CLASSES: ReadonlyMap<string, ErrorClass> = new Map(
  [...OF_LIBRARY, TypeError, RangeError].map((each) => [each.prototype.name, each]),
);

function isErrorClass(value: unknown): value is ErrorClass {
  return typeof value === "function" && value.prototype instanceof Error;
}

/** Bounds a chain of causes, which may lead back to its beginning. */
const MAX_CAUSES = 8;

export function toWire(thrown: unknown, depth = 0): WireThrown {
  if (thrown === ABORTED) return { kind: "aborted" };
  if (thrown instanceof ThrownInTest) return { kind: "of-test", id: thrown.id };
  if (!(thrown instanceof Error)) return { kind: "value", value: toData(thrown) };
  const { name, message, cause } = thrown;
  const hasCause = cause !== undefined && depth < MAX_CAUSES;
  return {
    kind: "error",
    name,
    message,
    details: toData(Object.fromEntries(Object.entries(thrown))) as Readonly<
      Record<string, unknown>
    >,
    cause: hasCause ? toWire(cause, depth + 1) : undefined,
  };
}

/** A value that can be packed: the value itself, or what it looks like as text. */
function toData(value: unknown): unknown {
  try {
    pack(value, "value");
    return value;
  } catch {
    return typeof value === "object" && value !== null ? {} : String(value);
  }
}

/** What the test has to find what it threw itself. */
export interface TestThrown {
  readonly ofTest: ReadonlyMap<number, unknown>;
  readonly signal?: AbortSignal | undefined;
}

/** @returns What the page has thrown: errors have the class and the fields that they have there. */
export function fromWire(wire: WireThrown, known: TestThrown): unknown {
  switch (wire.kind) {
    case "value":
      return wire.value;
    case "of-test":
      return known.ofTest.get(wire.id);
    case "aborted":
      return known.signal?.reason;
    case "error": {
      const options =
        wire.cause === undefined
          ? wire.details
          : { ...wire.details, cause: fromWire(wire.cause, known) };
      const ErrorOfName = CLASSES.get(wire.name);
      if (ErrorOfName !== undefined) return new ErrorOfName(wire.message, options as never);
      return Object.assign(new Error(wire.message, options), { name: wire.name });
    }
  }
}
