/** The options of plugins and commands with their checks: an option without one does not compile. */

import { environment } from "#platform/environment";
import { isPlainObject, isUrl } from "../../brands.ts";
import { isCodec } from "../../codec/check-codec.ts";
import { DEFAULT_LIMITS, type Limits } from "../../limits.ts";
import type { ClockOption, RandomOption } from "../../protocol/start-options.ts";
import { invalidValue, placeOfKey } from "../../wording/invalid-value.ts";
import type { WasiEngineChoice, WorkerScript } from "../platform/worker-choice.ts";
import {
  checkAmount,
  checkArgs,
  checkChoice,
  checkEnv,
  checkFunction,
  checkInteger,
  checkSignal,
  checkText,
} from "./checks.ts";
import { type CopiedTree, copyTree } from "./file-tree.ts";
import type { GivenFunction, HostFunction } from "./host-function.ts";
import type { PluginOptions } from "./plugin-options.ts";
import { type Check, type Checked, readOptions } from "./read-options.ts";
import { checkStdin } from "./stdin.ts";
import { checkTerminal } from "./terminal.ts";
import type { TextSink } from "./text-sink.ts";

/** What options are once they are checked, where that is not what they were. */
interface CheckedForms {
  readonly files: CopiedTree | "none";
  readonly limits: Limits;
  readonly hostFunctions: Readonly<Record<string, GivenFunction>>;
}

/** For each option of `Options` a check that gives what the option is, or its checked form. */
export type ChecksOf<Options> = {
  readonly [Name in keyof Options]-?: Check<
    Name extends keyof CheckedForms ? CheckedForms[Name] : NonNullable<Options[Name]>
  >;
};

const checkFiles: Check<CopiedTree | "none"> = (value, place) =>
  value === "none" ? value : copyTree(value, place);

const checkSink: Check<TextSink> = checkFunction as Check<TextSink>;

const START_MS_MAX = 2 ** 64 / 1e6;

const checkStartMs: Check<number> = (value, place) => {
  if (typeof value === "number" && value >= 0 && value < START_MS_MAX) return value;
  throw invalidValue(place, value, "a number ≥ 0, in milliseconds since 1970");
};

const checkClock: Check<ClockOption> = (value, place) => {
  if (value === "browser") return value;
  if (!isPlainObject(value)) throw invalidValue(place, value, '"browser" or { startMs, stepNs }');
  const checks = { startMs: checkStartMs, stepNs: checkInteger(0) };
  const { startMs, stepNs } = readOptions(value, checks, place);
  return {
    startMs: startMs ?? checkStartMs(startMs, `${place}.startMs`),
    stepNs: stepNs ?? checks.stepNs(stepNs, `${place}.stepNs`),
  };
};

const checkRandom: Check<RandomOption> = (value, place) => {
  if (value === "browser") return value;
  if (!isPlainObject(value)) throw invalidValue(place, value, '"browser" or { seed }');
  const checks = { seed: checkInteger(-Infinity) };
  const { seed } = readOptions(value, checks, place);
  return { seed: seed ?? checks.seed(seed, `${place}.seed`) };
};

const LIMIT_CHECKS = Object.fromEntries(
  Object.keys(DEFAULT_LIMITS).map((name) => [name, checkAmount]),
) as { readonly [Name in keyof Limits]: Check<number> };

/** All limits: the defaults, with what is given in their place. */
const checkLimits: Check<Limits> = (value, place) => {
  const given = Object.entries(readOptions(value, LIMIT_CHECKS, place));
  const defined = given.filter(([, amount]) => amount !== undefined);
  return { ...DEFAULT_LIMITS, ...Object.fromEntries(defined) };
};

const checkWasi: Check<WasiEngineChoice> = (value, place) => {
  const { workerSource } = Object(value) as { readonly workerSource?: unknown };
  if (typeof workerSource === "string") return { workerSource };
  throw invalidValue(place, value, "an engine, such as wasmer() of cloche/wasmer");
};

const checkWorker: Check<WorkerScript> = (value, place) => {
  if (typeof value === "string" || isUrl(value)) return String(value);
  if (typeof value === "function") return value as () => Worker;
  throw invalidValue(place, value, "a URL, a string or a function that makes a worker");
};

/** Host functions by their names. */
export const checkHostFunctions: Check<Readonly<Record<string, GivenFunction>>> = (
  value,
  place,
) => {
  if (!isPlainObject(value)) throw invalidValue(place, value, "a plain object of host functions");
  const functions = Object.create(null) as Record<string, GivenFunction>;
  for (const [name, given] of Object.entries(value)) {
    functions[name] = checkHostFunction(given, placeOfKey(place, name));
  }
  return functions;
};

const checkHostFunction: Check<GivenFunction> = (value, place) => {
  if (typeof value === "function") return value as GivenFunction;
  const given = { ...(Object(value) as Partial<HostFunction>) };
  const { params, result, call } = given;
  const hasTypes = isCodec(params) && params.type.kind === "tuple" && isCodec(result);
  if (hasTypes && typeof call === "function") return given as HostFunction;
  throw invalidValue(place, value, "a function, or made by hostFunction()");
};

export const PLUGIN_OPTION_CHECKS: ChecksOf<PluginOptions> = {
  name: checkText,
  files: checkFiles,
  args: checkArgs,
  env: checkEnv,
  stdin: checkStdin,
  stdout: checkSink,
  stderr: checkSink,
  terminal: checkTerminal,
  clock: checkClock,
  random: checkRandom,
  limits: checkLimits,
  blocking: checkChoice("auto", "jspi", "shared-memory"),
  interruption: checkChoice("auto", "epoch", "fuel", "terminate"),
  isolation: checkChoice(...environment.isolations),
  sourceMap: checkText,
  wasi: checkWasi,
  worker: checkWorker,
  signal: checkSignal,
};

/** What a plugin or a command is given, checked. */
export type CheckedOptions = Checked<ChecksOf<PluginOptions>>;
