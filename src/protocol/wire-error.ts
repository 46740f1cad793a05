/**
 * Errors as plain data.
 *
 * `postMessage` keeps neither an error's class nor its own properties (nor, in WebKit, its cause),
 * so an error crosses threads as a record and is built anew on the other side.
 */

import {
  PluginError,
  PluginExitError,
  PluginFileError,
  PluginHostFunctionError,
  PluginLimitError,
  PluginLinkError,
  PluginLoadError,
  PluginTrapError,
} from "../errors.ts";

/** An error of a worker, as it crosses to the page. */
export interface WireError {
  /** The name of the class, such as `"PluginTrapError"`. */
  readonly name: string;
  readonly message: string;
  /** The fields that the class adds to `PluginError`. */
  readonly details: Readonly<Record<string, string | number>>;
}

/** The classes that a worker may raise, each with the fields it adds and their type. */
const CLASSES: ReadonlyMap<string, { build: Build; fields: Fields }> = new Map<
  string,
  { build: Build; fields: Fields }
>([
  classEntry(PluginLoadError, {}),
  classEntry(PluginLinkError, {}),
  classEntry(PluginTrapError, { guestStack: "string", stderr: "string" }),
  classEntry(PluginExitError, { exitCode: "number" }),
  classEntry(PluginLimitError, { limit: "string", value: "number", allowed: "number" }),
  classEntry(PluginHostFunctionError, { functionName: "string" }),
  classEntry(PluginFileError, { code: "string", path: "string" }),
]);

type Fields = Readonly<Record<string, "string" | "number">>;
type Build = (message: string, options: never) => PluginError;

interface ErrorClass {
  new (message: string, options: never): PluginError;
  readonly prototype: PluginError;
}

function classEntry(
  constructor: ErrorClass,
  fields: Fields,
): [string, { build: Build; fields: Fields }] {
  const build: Build = (message, options) => new constructor(message, options);
  return [constructor.prototype.name, { build, fields }];
}

/** Turns anything that was thrown into plain data. */
export function toWireError(thrown: unknown): WireError {
  if (!(thrown instanceof Error)) {
    return { name: "PluginError", message: String(thrown), details: {} };
  }
  const known = thrown instanceof PluginError ? CLASSES.get(thrown.name) : undefined;
  if (known === undefined) {
    const message =
      thrown instanceof PluginError ? thrown.message : `${thrown.name}: ${thrown.message}`;
    return { name: "PluginError", message, details: {} };
  }
  const values = new Map<string, unknown>(Object.entries(thrown));
  const details = Object.keys(known.fields).map((field) => [field, values.get(field)] as const);
  return {
    name: thrown.name,
    message: thrown.message,
    details: Object.fromEntries(details) as Record<string, string | number>,
  };
}

/** Whether a message from a worker, which may be hostile, is an error this side can build. */
export function isWireError(data: unknown): data is WireError {
  if (typeof data !== "object" || data === null) return false;
  const { name, message, details } = data as Partial<WireError>;
  if (typeof name !== "string" || typeof message !== "string") return false;
  if (typeof details !== "object" || details === null) return false;
  const fields = CLASSES.get(name)?.fields ?? {};
  return Object.entries(fields).every(
    ([field, type]) => Object.hasOwn(details, field) && typeof details[field] === type,
  );
}

/** Builds the error that the other side had, for the plugin that this side knows it to be about. */
export function fromWireError(wire: WireError, pluginName: string): PluginError {
  const known = CLASSES.get(wire.name);
  if (known === undefined) return new PluginError(wire.message, { pluginName });
  const details = Object.keys(known.fields).map((field) => [field, wire.details[field]] as const);
  return known.build(wire.message, { ...Object.fromEntries(details), pluginName } as never);
}
