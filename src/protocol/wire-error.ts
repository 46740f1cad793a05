/**
 * Errors as plain data.
 *
 * `postMessage` keeps neither an error's class nor its own properties (nor, in WebKit, its cause), so
 * an error crosses threads as a record, and the other side constructs it again.
 */

import {
  type ExceededLimit,
  type GuestFrame,
  PluginError,
  PluginExitError,
  PluginFileError,
  PluginHostFunctionError,
  PluginLimitError,
  PluginLinkError,
  PluginLoadError,
  PluginTimeoutError,
  PluginTrapError,
} from "../errors.ts";
import { Errno } from "../files/errno.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { describeGuestFrames, readGuestFrames } from "../stack/guest-frames.ts";
import type { LocateSource } from "../stack/source-lines.ts";
import { isListOf, isRecord, isU32 } from "./shapes.ts";

/**
 * The maximum length of each text of an error; the rest is cut off. Enough for all frames of a stack,
 * and little for a page that keeps the error.
 */
const MAX_TEXT_CHARS = 65_536;

/** An error of a worker, as it crosses to the page. */
export interface WireError {
  /** The name of the class, such as `"PluginTrapError"`. */
  readonly name: string;
  readonly message: string;
  /** The fields that the class adds to `PluginError`. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** The classes that a worker may raise, each with the fields it adds and their shapes. */
const CLASSES: ReadonlyMap<string, { build: Build; fields: Fields }> = new Map<
  string,
  { build: Build; fields: Fields }
>([
  classEntry(PluginLoadError, {}),
  classEntry(PluginLinkError, {}),
  classEntry(PluginTrapError, { guestStack: isText, stderr: isText }),
  classEntry(PluginExitError, { exitCode: isU32 }),
  classEntry(PluginLimitError, { exceeded: isExceeded }),
  classEntry(PluginTimeoutError, { timeoutMs: isQuantity }),
  classEntry(PluginHostFunctionError, { functionName: isText }),
  classEntry(PluginFileError, { code: isErrorCode, path: isText }),
]);

type Fields = Readonly<Record<string, (data: unknown) => boolean>>;
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

function isText(data: unknown): data is string {
  return typeof data === "string" && data.length <= MAX_TEXT_CHARS;
}

function isExceeded(data: unknown): boolean {
  return isListOf(data, isExceededLimit, Object.keys(DEFAULT_LIMITS).length) && data.length > 0;
}

function isExceededLimit(data: unknown): data is ExceededLimit {
  if (!isRecord(data) || Object.keys(data).length !== 3) return false;
  return isLimit(data["limit"]) && isQuantity(data["value"]) && isQuantity(data["allowed"]);
}

function isLimit(data: unknown): boolean {
  return typeof data === "string" && Object.hasOwn(DEFAULT_LIMITS, data);
}

/** A number in the unit of a limit, which may be lifted. */
function isQuantity(data: unknown): boolean {
  return typeof data === "number" && data >= 0;
}

function isErrorCode(data: unknown): boolean {
  return typeof data === "string" && Object.hasOwn(Errno, data);
}

/** Turns any thrown value into plain data. */
export function toWireError(thrown: unknown): WireError {
  if (!(thrown instanceof Error)) return plain(String(thrown));
  const known = thrown instanceof PluginError ? CLASSES.get(thrown.name) : undefined;
  if (known === undefined) {
    const isOurs = thrown instanceof PluginError;
    return plain(isOurs ? thrown.message : `${thrown.name}: ${thrown.message}`);
  }
  const values = new Map<string, unknown>(Object.entries(thrown));
  const details = Object.keys(known.fields).map((field) => [field, cut(values.get(field))]);
  return {
    name: thrown.name,
    message: cut(thrown.message),
    details: Object.fromEntries(details),
  };
}

function plain(message: string): WireError {
  return { name: "PluginError", message: cut(message), details: {} };
}

function cut<T>(value: T): T {
  return (typeof value === "string" ? value.slice(0, MAX_TEXT_CHARS) : value) as T;
}

/** Whether data from a worker, which may be hostile, is an error that this side can construct. */
export function isWireError(data: unknown): data is WireError {
  if (!isRecord(data)) return false;
  const { name, message, details } = data;
  if (!isText(name) || !isText(message) || !isRecord(details)) return false;
  const fields = CLASSES.get(name)?.fields ?? {};
  return Object.entries(fields).every(
    ([field, isValid]) => Object.hasOwn(details, field) && isValid(details[field]),
  );
}

/**
 * Constructs the error that the other side had, with the name that this side knows the plugin by.
 *
 * @param locate Finds lines of the source for a trap.
 */
export function fromWireError(
  wire: WireError,
  pluginName: string,
  locate?: LocateSource,
): PluginError {
  const known = CLASSES.get(wire.name);
  if (known === undefined) return new PluginError(wire.message, { pluginName });
  const details = Object.keys(known.fields).map((field) => [field, wire.details[field]] as const);
  const stack = readStack(wire.details["guestStack"], locate);
  return known.build(wire.message, {
    ...Object.fromEntries(details),
    ...stack,
    pluginName,
  } as never);
}

/** The stack of a trap, which crosses as the engine wrote it: only the page pays for reading it. */
function readStack(
  stack: unknown,
  locate: LocateSource | undefined,
): { frames?: readonly GuestFrame[]; guestStack?: string } {
  if (!isText(stack)) return {};
  const frames = readGuestFrames(stack, locate);
  return { frames, guestStack: describeGuestFrames(frames) };
}
