/** The events of a plugin whose instance is replaced: listeners go on with the next one. */

import type { ListenOptions, Plugin, PluginEvent } from "cloche";

type Events = Plugin["events"];
type Listener = (event: PluginEvent) => void;

export class HotEvents {
  /** Adds each listener to a plugin, and returns what removes it there. */
  readonly #listeners: Map<(events: Events) => () => void, () => void> = new Map();
  #events: Events;

  constructor(events: Events) {
    this.#events = events;
  }

  readonly on: Events["on"] = (type: "*", listener: Listener, options?: ListenOptions) => {
    const add = (events: Events) => events.on(type, listener, options);
    this.#listeners.set(add, add(this.#events));
    return () => {
      this.#listeners.get(add)?.();
      this.#listeners.delete(add);
    };
  };

  /** Moves all listeners to the events of the next plugin. */
  moveTo(events: Events): void {
    this.#events = events;
    for (const [add, remove] of this.#listeners) {
      remove();
      this.#listeners.set(add, add(events));
    }
  }
}
