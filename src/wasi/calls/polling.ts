import type { Clock } from "../../files/clock.ts";
import { Errno } from "../../files/errno.ts";
import { FileType } from "../../files/file-type.ts";
import { WasiError } from "../../files/wasi-error.ts";
import { checkedFlags } from "../flags.ts";
import { Rights } from "../rights.ts";
import { InputStream } from "../streams.ts";
import type { CallContext, SystemCalls } from "../system-call.ts";
import { timeNs } from "./clocks.ts";
import { INPUT_BYTES } from "./stream-transfer.ts";

/**
 * Sleeps for a number of milliseconds, at most 2^31 - 1: blocks, or returns a promise that suspends the
 * guest.
 *
 * @param wait Blocks for at most a number of milliseconds, and returns whether the input that the guest
 *   also waits for has arrived. A sleep that blocks in real time calls it.
 */
export type Sleep = (
  milliseconds: number,
  wait?: (milliseconds: number) => boolean,
) => void | Promise<void>;

/** The maximum number of subscriptions in one call. More than there are descriptors, and quick to check. */
const MAX_SUBSCRIPTIONS = 4096;
const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const NS_PER_MS = 1_000_000n;
/** The longest time of a timer, in nanoseconds. */
const MAX_SLEEP_NS: bigint = (2n ** 31n - 1n) * NS_PER_MS;
/** The number of writable bytes to report where there is no bound. */
const WRITABLE_BYTES = 65_536;

const EventType = { CLOCK: 0, FD_READ: 1, FD_WRITE: 2 } as const;
const ABSOLUTE_TIME = 1;
const HANGUP = 1;

type PollContext = Pick<CallContext, "memory" | "descriptors" | "clock">;

/** The result of one check of all subscriptions. */
interface Look {
  /** The number of events written. */
  readonly events: number;
  /** The time until the first clock is due, if no event was written and there is a clock. */
  readonly soonestNs: bigint | undefined;
  /** Stdin, if no event was written and there is a subscription to it. */
  readonly input: InputStream | undefined;
}

/**
 * Implements `poll_oneoff`, which waits for a time, for stdin, or for both.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#poll_oneoff
 */
export function pollingCalls(context: PollContext, sleep: Sleep): SystemCalls {
  const { memory } = context;

  const sleepNs = (timeNs: bigint, hasCome?: (waitMs: number) => boolean): void | Promise<void> => {
    let left = timeNs;
    for (; left > MAX_SLEEP_NS; left -= MAX_SLEEP_NS) {
      const rest = left - MAX_SLEEP_NS;
      const slept = sleep(Number(MAX_SLEEP_NS / NS_PER_MS), hasCome);
      if (slept !== undefined) return slept.then(() => sleepNs(rest));
      if (hasCome?.(0) === true) return;
    }
    return sleep(Number(left) / Number(NS_PER_MS), hasCome);
  };

  return {
    poll_oneoff(
      subscriptions: number,
      events: number,
      count: number,
      result: number,
    ): void | Promise<void> {
      if (count === 0 || count > MAX_SUBSCRIPTIONS) throw new WasiError(Errno.EINVAL);
      memory.range(subscriptions, count * SUBSCRIPTION_BYTES);
      memory.range(events, count * EVENT_BYTES);
      memory.range(result, 4);
      const poll = new Poll(context, subscriptions, events, count);
      const finish = (elapsedNs: bigint): void => {
        memory.refresh();
        memory.setU32(result, poll.look(elapsedNs).events);
      };

      const { events: ready, soonestNs, input } = poll.look(0n);
      if (ready > 0) return memory.setU32(result, ready);
      const filled = input?.fill(INPUT_BYTES, soonestNs === undefined ? Infinity : 0);
      const coming = filled instanceof Promise ? filled : undefined;
      if (soonestNs === undefined) return coming ? coming.then(() => finish(0n)) : finish(0n);
      const hasCome = (waitMs: number) => input?.fill(INPUT_BYTES, waitMs) === true;
      const slept = sleepNs(soonestNs, filled === false ? hasCome : undefined);
      // It blocked: the whole time has passed, unless stdin ended it early.
      if (slept === undefined) return finish(filled === false && hasCome(0) ? 0n : soonestNs);
      const timeout = slept.then(() => soonestNs);
      return Promise.race(coming === undefined ? [timeout] : [timeout, coming.then(() => 0n)]).then(
        finish,
      );
    },
  };
}

/** One call, whose subscriptions are checked several times. Time passes only by `elapsedNs`, so it ends. */
class Poll {
  readonly #context: PollContext;
  readonly #subscriptions: number;
  readonly #events: number;
  readonly #count: number;
  /** The clocks as they were at the start of the call. */
  readonly #start: Clock;

  constructor(context: PollContext, subscriptions: number, events: number, count: number) {
    this.#context = context;
    this.#subscriptions = subscriptions;
    this.#events = events;
    this.#count = count;
    const realtimeNs = context.clock.realtimeNs();
    const monotonicNs = context.clock.monotonicNs();
    const { resolutionNs } = context.clock;
    this.#start = {
      realtimeNs: () => realtimeNs,
      monotonicNs: () => monotonicNs,
      resolutionNs,
    };
  }

  /** Writes an event for each subscription that is due, `elapsedNs` after the start. */
  look(elapsedNs: bigint): Look {
    let events = 0;
    let soonestNs: bigint | undefined;
    let input: InputStream | undefined;
    for (let index = 0; index < this.#count; index++) {
      const subscription = this.#subscriptions + index * SUBSCRIPTION_BYTES;
      const event = this.#events + events * EVENT_BYTES;
      const due = this.#due(subscription, event, elapsedNs);
      if (due === true) events++;
      else if (typeof due !== "bigint") input = due;
      else if (soonestNs === undefined || due < soonestNs) soonestNs = due;
    }
    return { events, soonestNs, input };
  }

  /** Writes the event of a subscription that is due. @returns `true`, the time until it is due, or the input it waits for. */
  #due(subscription: number, event: number, elapsedNs: bigint): true | bigint | InputStream {
    const { memory, descriptors } = this.#context;
    const userdata = memory.u64(subscription);
    const type = memory.u8(subscription + 8);
    const write = (errno: Errno, bytes = 0, flags = 0): true => {
      memory.setU64(event, userdata);
      memory.setU32(event + 8, errno | (type << 16));
      memory.setU32(event + 12, 0);
      memory.setU64Number(event + 16, bytes);
      memory.setU64Number(event + 24, flags);
      return true;
    };
    try {
      if (type === EventType.CLOCK) {
        const leftNs = this.#leftNs(subscription);
        return leftNs <= elapsedNs ? write(Errno.SUCCESS) : leftNs;
      }
      if (type !== EventType.FD_READ && type !== EventType.FD_WRITE) {
        return write(Errno.EINVAL);
      }
      const fd = memory.u32(subscription + 16);
      const right = type === EventType.FD_READ ? Rights.FD_READ : Rights.FD_WRITE;
      const descriptor = descriptors.get(fd, right | Rights.POLL_FD_READWRITE);
      if (type === EventType.FD_WRITE) return write(Errno.SUCCESS, WRITABLE_BYTES);
      if (descriptor.type === FileType.REGULAR_FILE) {
        return write(Errno.SUCCESS, Math.max(0, descriptor.node.size - descriptor.position));
      }
      if (descriptor.type !== FileType.CHARACTER_DEVICE) return write(Errno.EISDIR);
      if (!(descriptor.stream instanceof InputStream)) return write(Errno.EBADF);
      if (descriptor.stream.fill(INPUT_BYTES, 0) !== true) return descriptor.stream;
      const { available, ended } = descriptor.stream;
      return write(Errno.SUCCESS, available, ended && available === 0 ? HANGUP : 0);
    } catch (error) {
      if (error instanceof WasiError) return write(error.errno);
      throw error;
    }
  }

  /** The time from the start of the call until a clock's subscription is due. */
  #leftNs(subscription: number): bigint {
    const { memory } = this.#context;
    const nowNs = timeNs(this.#start, memory.u32(subscription + 16));
    const timeoutNs = memory.u64(subscription + 24);
    const flags = checkedFlags(memory.u16(subscription + 40), ABSOLUTE_TIME);
    return flags === ABSOLUTE_TIME ? timeoutNs - nowNs : timeoutNs;
  }
}
