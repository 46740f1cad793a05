/** Says what the place that a page runs in allows plugins, and what it lacks. */

import { environment } from "#platform/environment";
import { hasJspi } from "../protocol/has-jspi.ts";
import type { BlockingWay } from "../protocol/start-options.ts";
import type { Interruption } from "../rewrite/form.ts";
import { describeThrown } from "../wording/describe-thrown.ts";
import { SEE_DOCTOR } from "../wording/see-doctor.ts";
import { hasMultipleMemories } from "./grants/interruption.ts";
import type { LaneKind } from "./grants/lane.ts";
import type { PluginOptions } from "./grants/plugin-options.ts";
import { loadPlugin } from "./load-plugin.ts";

/** One thing that plugins make use of. */
export interface Finding {
  /** What it is, in a few words. */
  readonly name: string;
  /** Whether the page has it. */
  readonly isThere: boolean;
  /** What follows for plugins. */
  readonly effect: string;
  /** What to do about it, such as the header to send; `undefined` where nothing is to do, or can be done. */
  readonly remedy: string | undefined;
}

/** What {@link doctor} has found. */
export interface Diagnosis {
  /** Whether a plugin can be loaded. */
  readonly canLoad: boolean;
  /** How a guest that does not return is interrupted; `undefined` where none can be loaded. */
  readonly interruption: Interruption | undefined;
  /** How calls travel; `undefined` where no plugin can be loaded. */
  readonly lane: LaneKind | undefined;
  /** How a guest waits for a host function; `undefined` where plugins with host functions don't load. */
  readonly blocking: BlockingWay | undefined;
  /** What the page has and lacks, one by one. */
  readonly findings: readonly Finding[];
  /** All of it in words, a line for each finding. */
  readonly text: string;
}

/**
 * A plugin of no functions, with a memory of no pages:
 * (module (memory (export "memory") 0) (func (export "__alloc_buffer") (param i32) (result i32) local.get 0)
 *   (func (export "__free_buffer") (param i64)))
 */
const PROBE =
  "AGFzbQEAAAABCgJgAX8Bf2ABfgADAwIAAQUDAQAABysDBm1lbW9yeQIADl9fYWxsb2NfYnVmZmVyAAANX19mcmVlX2J1ZmZlcgABCgkCBAAgAAsCAAs=";

const ISOLATION_HEADERS =
  "send the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp with the page";

/**
 * Finds out what this page has and lacks, by loading a plugin of no functions. Never rejects for what is
 * missing.
 *
 * @param options Those that your plugins are loaded with, as far as they say how a worker is started.
 * @example
 * console.log((await doctor()).text);
 */
export async function doctor(
  options: Pick<PluginOptions, "isolation" | "worker" | "wasi"> = {},
): Promise<Diagnosis> {
  const { loaded, failure } = await tryLoading(options);
  const isStrict = options.isolation === "strict";
  const sharesMemory = environment.canShareMemory && !isStrict;
  const sharedWay: BlockingWay | undefined = sharesMemory ? "shared-memory" : undefined;
  const blocking = hasJspi() ? "jspi" : sharedWay;
  const findings = [
    loadFinding(failure),
    memoryFinding(sharesMemory, isStrict, loaded),
    jspiFinding(sharesMemory),
    memoriesFinding(),
    blockingFinding(blocking, isStrict),
    interruptionFinding(loaded?.interruption),
    laneFinding(loaded?.lane),
    cacheFinding(),
    { name: "lasting files", ...environment.lastingFiles, remedy: undefined },
  ];
  return {
    canLoad: failure === undefined,
    interruption: loaded?.interruption,
    lane: loaded?.lane,
    blocking,
    findings,
    text: findings.map(describe).join("\n"),
  };
}

interface Loaded {
  readonly interruption: Interruption;
  readonly lane: LaneKind;
}

async function tryLoading(
  options: PluginOptions,
): Promise<{ readonly loaded?: Loaded; readonly failure?: string }> {
  const bytes = Uint8Array.from(atob(PROBE), (character) => character.charCodeAt(0));
  try {
    await using plugin = await loadPlugin(bytes, { ...options, name: "doctor" });
    const { interruption, lane } = plugin;
    return { loaded: { interruption, lane } };
  } catch (error) {
    if (error instanceof TypeError) throw error;
    return { failure: describeThrown(error).replace(SEE_DOCTOR, "") };
  }
}

function loadFinding(failure: string | undefined): Finding {
  const isThere = failure === undefined;
  return {
    name: "workers and WebAssembly",
    isThere,
    effect: isThere ? "plugins can be loaded" : `no plugin can be loaded: ${failure}`,
    remedy: isThere
      ? undefined
      : "a Content-Security-Policy needs worker-src blob: and script-src 'wasm-unsafe-eval'; see docs/content-security-policy.md",
  };
}

function memoryFinding(isThere: boolean, isStrict: boolean, loaded: Loaded | undefined): Finding {
  const name = "shared memory";
  if (isThere) {
    const uses = ["waiting for host functions"];
    if (loaded?.interruption === "epoch") uses.push('interruption "epoch"');
    if (loaded?.lane === "shared-memory") uses.push('the lane "shared-memory"');
    return { name, isThere, effect: `it can serve ${uses.join(", ")}`, remedy: undefined };
  }
  const isIsolated = globalThis.crossOriginIsolated;
  const where = isIsolated
    ? "this browser hides SharedArrayBuffer even from an isolated page"
    : "the page is not cross-origin isolated";
  const reason = isStrict ? "a strictly isolated plugin has none" : where;
  const effect = `${reason}, so there is neither interruption "epoch" nor the lane "shared-memory"`;
  return { name, isThere, effect, remedy: isStrict || isIsolated ? undefined : ISOLATION_HEADERS };
}

function jspiFinding(sharesMemory: boolean): Finding {
  const isThere = hasJspi();
  const without = sharesMemory
    ? "this engine cannot suspend a guest, so a guest that waits blocks its worker"
    : "this engine cannot suspend a guest, so a guest needs shared memory to wait for the page";
  return {
    name: "JSPI",
    isThere,
    effect: isThere ? "a guest that waits for the page is suspended" : without,
    remedy: undefined,
  };
}

function memoriesFinding(): Finding {
  const isThere = hasMultipleMemories();
  return {
    name: "multiple memories",
    isThere,
    effect: isThere
      ? 'interruption "epoch" works where memory is shared'
      : 'this engine has none, so there is no interruption "epoch"',
    remedy: undefined,
  };
}

function blockingFinding(blocking: BlockingWay | undefined, isStrict: boolean): Finding {
  const effects: Record<BlockingWay, string> = {
    jspi: "a plugin may call them, and its files answer meanwhile",
    "shared-memory": "a plugin may call them, but its files do not answer meanwhile",
  };
  const remedies: Record<"worker" | "strict", string> = {
    worker: ISOLATION_HEADERS,
    strict: 'use isolation "worker" on a cross-origin isolated page',
  };
  return {
    name: "host functions",
    isThere: blocking !== undefined,
    effect:
      blocking === undefined
        ? "plugins that import host functions, or ask the page for input, do not load"
        : effects[blocking],
    remedy: blocking === undefined ? remedies[isStrict ? "strict" : "worker"] : undefined,
  };
}

function interruptionFinding(interruption: Interruption | undefined): Finding {
  const isThere = interruption !== undefined;
  const effects: Record<Interruption, string> = {
    epoch: '"epoch": guests read a flag in shared memory, at little cost',
    fuel: '"fuel": guests count their steps, which costs more time than "epoch"',
    terminate: '"terminate": only the end of its worker stops a guest',
  };
  const effect = isThere ? effects[interruption] : "not known, since no plugin can be loaded";
  return { name: "interruption", isThere, effect, remedy: undefined };
}

function laneFinding(lane: LaneKind | undefined): Finding {
  const effects: Record<LaneKind, string> = {
    messages: "calls travel in messages",
    "shared-memory": "calls travel through shared memory",
  };
  const effect = lane === undefined ? "not known, since no plugin can be loaded" : effects[lane];
  return { name: "lane", isThere: lane !== undefined, effect, remedy: undefined };
}

function cacheFinding(): Finding {
  const isThere = globalThis.crypto?.subtle !== undefined;
  return {
    name: "secure context",
    isThere,
    effect: isThere
      ? "plugins of one module share its compiled form"
      : "each plugin compiles its module anew",
    remedy: isThere ? undefined : "serve the page by https, or from localhost",
  };
}

function describe({ name, isThere, effect, remedy }: Finding): string {
  const line = `${isThere ? "yes" : "no "}  ${name}: ${effect}`;
  return remedy === undefined ? line : `${line} (${remedy})`;
}
