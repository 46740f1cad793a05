/** The events of plugins, for whoever listens. */

import { ALL_EVENT_TYPES, type EventHub, type EventType } from "./events/event-hub.ts";
import type { PluginEvent, PluginEventMap } from "./events/plugin-event.ts";
import { checkChoice, checkFunction, checkSignal } from "./grants/checks.ts";
import { readOptions } from "./grants/read-options.ts";

/** How long a listener stays. */
export interface ListenOptions {
  /** Removes the listener when it aborts. */
  readonly signal?: AbortSignal;
}

/** What a plugin or a pool tells of, by the types of its events. */
export interface Events<EventMap> {
  /**
   * Adds a listener for one type of event, or for all with `"*"`. Events of the past are not told.
   *
   * Listeners are called in a microtask, in the order they were added and in the order of the events.
   * What one throws is reported as an uncaught error of the page.
   *
   * @returns A function that removes the listener.
   * @throws {TypeError} for an unknown type, or what is no listener.
   * @example
   * plugin.events.on("callEnd", ({ functionName, durationMs }) => {
   *   console.log(`${functionName} took ${durationMs} ms`);
   * });
   */
  on<Type extends keyof EventMap>(
    type: Type,
    listener: (event: EventMap[Type]) => void,
    options?: ListenOptions,
  ): () => void;
  /** Adds a listener for all events, as above. */
  on(
    type: "*",
    listener: (event: EventMap[keyof EventMap]) => void,
    options?: ListenOptions,
  ): () => void;
}

/** An event of one of a pool's plugins. */
type OfPool<Event> = Event & {
  /** Which of `pool.plugins` it is about. */
  readonly pluginIndex: number;
};

/** The events of a pool by their types: those of all its plugins. */
export type PoolEventMap = {
  readonly [Type in EventType]: OfPool<PluginEventMap[Type]>;
};

const checkType = checkChoice("*", ...ALL_EVENT_TYPES);

type AnyListener = (event: never) => void;

/** The events of one plugin. */
export class PluginEvents implements Events<PluginEventMap> {
  readonly #hub: EventHub;
  readonly #hearOutput: () => void;

  /** @param hearOutput Has the output of the guest sent to the page from now on. */
  constructor(hub: EventHub, hearOutput: () => void) {
    this.#hub = hub;
    this.#hearOutput = hearOutput;
  }

  on(type: EventType | "*", listener: AnyListener, options?: ListenOptions): () => void {
    const name = checkType(type, "type");
    checkFunction(listener, "listener");
    const { signal } = readOptions(options, { signal: checkSignal });
    if (signal?.aborted === true) return () => {};
    const isFirstOfOutput = !this.#hub.hears("output");
    const types = name === "*" ? ALL_EVENT_TYPES : [name];
    const remove = this.#hub.add(types, listener as (event: PluginEvent) => void);
    if (isFirstOfOutput && this.#hub.hears("output")) this.#hearOutput();
    const stop = () => {
      signal?.removeEventListener("abort", stop);
      remove();
    };
    signal?.addEventListener("abort", stop, { once: true });
    return stop;
  }
}

/** The events of several plugins together. */
export class PoolEvents implements Events<PoolEventMap> {
  readonly #all: readonly Events<PluginEventMap>[];

  constructor(all: readonly Events<PluginEventMap>[]) {
    this.#all = all;
  }

  on(type: EventType | "*", listener: AnyListener, options?: ListenOptions): () => void {
    checkFunction(listener, "listener");
    const removes = this.#all.map((events, pluginIndex) => {
      const tell = (event: PluginEvent) => listener({ ...event, pluginIndex } as never);
      return events.on(type as "*", tell, options);
    });
    return () => {
      for (const remove of removes) remove();
    };
  }
}
