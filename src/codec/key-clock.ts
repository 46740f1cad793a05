/** A look at the clock costs as much as entering half a key, and a millisecond is its finest step. */
const KEYS_A_LOOK = 64;
/** Keys that do not collide take 0.1 to 0.5 µs; the rest is for slow machines. */
const KEY_MS = 0.002;
/** What any message has: a page that is held up so long does not feel stuck. */
const MESSAGE_MS = 30;
/** A pause of the collector's or a step of the clock's counts as this, and so refuses nothing by itself. */
const LOOK_MS = 10;

/**
 * The time that the keys of a message's maps and sets take to enter.
 *
 * Engines hash bigints and numbers without a secret, so a guest can choose keys that all hash alike:
 * each is then compared with all before it, and 65,536 of them, a message of 1 MiB, take 15 to 40 s. Which
 * keys collide is for the engine to know, but it shows.
 */
export class KeyClock {
  #keys = 0;
  #spentMs = 0;
  #lastLook = 0;

  /**
   * To be told that a map or set has taken its key number `index`, one right after the other.
   *
   * @returns what is wrong when the keys of the message have taken too long.
   */
  tookKey(index: number): { readonly found: string; readonly expected: string } | undefined {
    if (index % KEYS_A_LOOK !== KEYS_A_LOOK - 1) return undefined;
    const now = Date.now();
    const passedMs = now - this.#lastLook;
    this.#lastLook = now;
    // The first keys of a map or set only start the clock: they are too few to be slow.
    if (index < KEYS_A_LOOK) return undefined;
    this.#keys += KEYS_A_LOOK;
    this.#spentMs += Math.min(Math.max(passedMs, 0), LOOK_MS);
    const mostMs = Math.ceil(MESSAGE_MS + this.#keys * KEY_MS);
    if (this.#spentMs <= mostMs) return undefined;
    return {
      found: `keys that collide (${this.#keys} took ${Math.ceil(this.#spentMs)} ms)`,
      expected: `at most ${mostMs} ms`,
    };
  }
}
