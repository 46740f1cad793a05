/** Tells listeners what happens in one plugin. Nothing in it leads back to the plugin: see unreachable.ts. */

import { PluginLimitError, PluginTimeoutError } from "../../errors.ts";
import { reportUncaught } from "../time/report-uncaught.ts";
import type { PluginEvent, PluginEventMap } from "./plugin-event.ts";

export type EventType = keyof PluginEventMap;

/** An event without its time, which the hub adds. */
type Happening = { [Type in EventType]: Omit<PluginEventMap[Type], "timeMs"> }[EventType];

const EVENT_TYPES: Readonly<Record<EventType, true>> = {
  callStart: true,
  callEnd: true,
  hostCallStart: true,
  hostCallEnd: true,
  output: true,
  input: true,
  limit: true,
  restart: true,
  close: true,
};

/** The names of all events. */
export const ALL_EVENT_TYPES: readonly EventType[] = Object.keys(EVENT_TYPES) as EventType[];

/** What a call of a guest function may lead to. */
const CALL_TYPES: readonly EventType[] = ["callStart", "callEnd", "limit"];

interface Registration {
  readonly types: readonly EventType[];
  readonly listener: (event: PluginEvent) => void;
}

export class EventHub {
  #registrations: readonly Registration[] = [];
  #heard: ReadonlySet<EventType> = new Set();
  /** Events that their listeners have not been told yet. */
  #waiting: PluginEvent[] = [];
  #lastId = 0;
  /** Of errors that were told as limits: a call that exceeds one may end its plugin with the same error. */
  readonly #toldErrors: WeakSet<object> = new WeakSet();
  /** Whether any event of a call has a listener. Read for each call, so it is kept. */
  #hearsCalls = false;

  /** Whether an event of this type has a listener. Without one, nobody needs to make the event. */
  hears(type: EventType): boolean {
    return this.#heard.has(type);
  }

  /** Whether calls of guest functions have to be watched. */
  get hearsCalls(): boolean {
    return this.#hearsCalls;
  }

  /** Adds a listener. Returns a function that removes it. */
  add(types: readonly EventType[], listener: (event: PluginEvent) => void): () => void {
    const registration = { types, listener };
    this.#setRegistrations([...this.#registrations, registration]);
    return () => {
      this.#setRegistrations(this.#registrations.filter((each) => each !== registration));
    };
  }

  #setRegistrations(registrations: readonly Registration[]): void {
    this.#registrations = registrations;
    this.#heard = new Set(registrations.flatMap(({ types }) => types));
    this.#hearsCalls = CALL_TYPES.some((type) => this.hears(type));
  }

  /**
   * Tells of an event, in a microtask: a listener may do anything with the plugin, and what tells of the
   * event is in the middle of something.
   */
  emit(happening: Happening): void {
    if (!this.hears(happening.type)) return;
    this.#waiting.push({ ...happening, timeMs: performance.now() });
    if (this.#waiting.length === 1) queueMicrotask(() => this.#deliver());
  }

  /** The number of the next call. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Tells of a limit, where an error is about one. */
  emitLimitOf(error: unknown): void {
    if (!this.hears("limit") || !(error instanceof Error) || this.#toldErrors.has(error)) return;
    this.#toldErrors.add(error);
    if (error instanceof PluginTimeoutError) {
      this.emit({ type: "limit", limit: "callMs", allowed: error.timeoutMs });
    }
    if (!(error instanceof PluginLimitError)) return;
    for (const { limit, allowed } of error.exceeded) this.emit({ type: "limit", limit, allowed });
  }

  #deliver(): void {
    for (const event of this.#waiting.splice(0)) {
      for (const registration of this.#registrations) {
        if (!registration.types.includes(event.type)) continue;
        // One that ran before may have removed it.
        if (!this.#registrations.includes(registration)) continue;
        try {
          registration.listener(event);
        } catch (error) {
          reportUncaught(error);
        }
      }
    }
  }
}
