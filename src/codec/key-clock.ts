import { showCount, showDuration } from "../wording/amounts.ts";

/** Reading the clock costs as much as entering half a key, and its resolution is a millisecond. */
const KEYS_A_READING = 64;
/** Keys that do not collide take 0.1 to 0.5 µs; the rest is for slow machines. */
const KEY_MS = 0.002;
/** What any message may take: a page that is busy for so long does not feel stuck. */
const MESSAGE_MS = 30;
/** A pause for garbage collection or a step of the clock counts as this at most, so that it rejects nothing by itself. */
const READING_MS = 10;

/**
 * Measures how long the keys of a message's maps and sets take to enter.
 *
 * Engines hash bigints and numbers without a secret, so a guest can choose keys with the same hash:
 * each is then compared with all before it, and 65,536 of them, a message of 1 MiB, take 15 to 40 s.
 * Only the engine knows which keys collide; timing detects them.
 */
export class KeyClock {
  #keys = 0;
  #spentMs = 0;
  #lastReading = 0;

  /**
   * Called after each key of a map or set, one right after the other, with its number `index`.
   *
   * @returns the problem, when the keys of the message have taken too long.
   */
  tookKey(index: number): string | undefined {
    if (index % KEYS_A_READING !== KEYS_A_READING - 1) return undefined;
    const now = Date.now();
    const passedMs = now - this.#lastReading;
    this.#lastReading = now;
    // The first keys of a map or set only start the clock: they are too few to be slow.
    if (index < KEYS_A_READING) return undefined;
    this.#keys += KEYS_A_READING;
    this.#spentMs += Math.min(Math.max(passedMs, 0), READING_MS);
    const mostMs = Math.ceil(MESSAGE_MS + this.#keys * KEY_MS);
    if (this.#spentMs <= mostMs) return undefined;
    const spent = showDuration(Math.ceil(this.#spentMs));
    return `colliding keys: ${showCount(this.#keys)} took ${spent}, limit ${showDuration(mostMs)}`;
  }
}
