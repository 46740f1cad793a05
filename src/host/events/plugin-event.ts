/** What happens in a plugin, as listeners of `plugin.events` get it. */

import type { CloseReason } from "./close-reason.ts";

/** How a call or a host call ended: with its result, or with what it rejected with. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown };

/** A fresh instance in the place of one that died. */
export interface Restart {
  /** How many there were, this one included. */
  readonly count: number;
  /** Why the last one is gone. */
  readonly reason: CloseReason;
}

/** When an event happened: what `performance.now()` was, in milliseconds. */
interface Timed {
  /** What `performance.now()` was, in milliseconds. */
  readonly timeMs: number;
}

/** One call of a guest function, or one of a host function. */
interface OfCall extends Timed {
  /** The number of the call: the start and the end have the same, no other call of the plugin has it. */
  readonly id: number;
  /** The function's name, without the ABI's underscores. */
  readonly functionName: string;
}

/** A call of a guest function is in the plugin's queue. */
export interface CallStartEvent extends OfCall {
  readonly type: "callStart";
  /** The caller's own values, which the caller may change. */
  readonly args: readonly unknown[];
}

/** A call of a guest function has settled. Comes before its promise does. */
export interface CallEndEvent extends OfCall {
  readonly type: "callEnd";
  /** The result of the call, or its error. */
  readonly outcome: Outcome;
  /** How long it has waited for its turn, in milliseconds. */
  readonly queuedMs: number;
  /** How long it has run after that, in milliseconds; 0 for a call that never had its turn. */
  readonly durationMs: number;
}

/** The guest has called a host function. */
export interface HostCallStartEvent extends OfCall {
  readonly type: "hostCallStart";
  /** The values that the host function gets, which it may change. */
  readonly args: readonly unknown[];
}

/** A host function has returned, or has failed. */
export interface HostCallEndEvent extends OfCall {
  readonly type: "hostCallEnd";
  /** The result of the host function, or its error. */
  readonly outcome: Outcome;
  /** How long the host function has taken, in milliseconds. */
  readonly durationMs: number;
}

/** The guest has written to a standard stream: what one write brought, or many that came within a frame. */
export interface OutputEvent extends Timed {
  readonly type: "output";
  /** Which stream it was. */
  readonly stream: "stdout" | "stderr";
  /** What was written. */
  readonly bytes: Uint8Array;
  /** The bytes as UTF-8, without the start of a character whose rest is to come. */
  readonly text: string;
}

/** The guest has got input that it had asked the page for. No bytes are the end of the input. */
export interface InputEvent extends Timed {
  readonly type: "input";
  /** What the guest got; empty at the end of the input. */
  readonly bytes: Uint8Array;
}

/** A limit has cut off output, or has ended a call or the plugin. */
export interface LimitEvent extends Timed {
  readonly type: "limit";
  /** The field of `Limits`. A call's `timeoutMs` stands for `callMs`. */
  readonly limit: string;
  /** What the limit allows, in its unit. */
  readonly allowed: number;
  /** For `outputBytes`: whose output is cut off. */
  readonly stream?: "stdout" | "stderr";
}

/** A fresh instance has replaced one that died, before its first call. */
export interface RestartEvent extends Timed, Restart {
  readonly type: "restart";
}

/** The plugin takes no more calls. Comes last. */
export interface CloseEvent extends Timed {
  readonly type: "close";
  /** Why it was closed. */
  readonly reason: CloseReason;
}

/** The events of a plugin by their types. */
export interface PluginEventMap {
  /** A call was queued. */
  readonly callStart: CallStartEvent;
  /** A call has settled. */
  readonly callEnd: CallEndEvent;
  /** The guest has called a host function. */
  readonly hostCallStart: HostCallStartEvent;
  /** A host function has returned or failed. */
  readonly hostCallEnd: HostCallEndEvent;
  /** The guest has written to a standard stream. */
  readonly output: OutputEvent;
  /** The guest has got input of the page. */
  readonly input: InputEvent;
  /** A limit has cut off output, or ended a call or the plugin. */
  readonly limit: LimitEvent;
  /** A fresh instance has replaced one that died. */
  readonly restart: RestartEvent;
  /** The plugin takes no more calls. */
  readonly close: CloseEvent;
}

/** Any event of a plugin. Its `type` tells which. */
export type PluginEvent = PluginEventMap[keyof PluginEventMap];
