/**
 * Memory for one host call, which a worker makes without a message while the page looks for it. To post
 * and to receive a message takes both threads several times as long as a small call does.
 */

/** What a page shares with one worker. */
export interface HostCallSlot {
  /** `[state, index, bytes of arguments]`, see the constants below. */
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly args: SharedArrayBuffer;
}

/** A call that a worker has left there: of the run whose last call the page has just answered. */
export interface SlotCall {
  readonly index: number;
  readonly args: Uint8Array;
}

/** Larger arguments are posted. */
const ARGS_BYTES: number = 4 * 1024;

const STATE = 0;
const INDEX = 1;
const LENGTH = 2;

/** The page does not look: a call is to be posted. */
const AWAY = 0;
/** The page looks. */
const LOOKING = 1;
/** There is a call. */
const CALLED = 2;

/** Makes the memory. Needs a cross-origin isolated page. */
export function createHostCallSlot(): HostCallSlot {
  return {
    control: new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)),
    args: new SharedArrayBuffer(ARGS_BYTES),
  };
}

/** In the worker: leaves a call for a page that looks for it. Returns whether it does. */
export function leaveCall({ control, args }: HostCallSlot, call: SlotCall): boolean {
  const { length } = call.args;
  if (Atomics.load(control, STATE) !== LOOKING || length > ARGS_BYTES) return false;
  new Uint8Array(args).set(call.args);
  control[INDEX] = call.index;
  control[LENGTH] = length;
  return Atomics.compareExchange(control, STATE, LOOKING, CALLED) === LOOKING;
}

/** In the worker, when a run ends or a message is posted: the page looks no longer. */
export function endLook({ control }: HostCallSlot): void {
  Atomics.compareExchange(control, STATE, LOOKING, AWAY);
}

/** On the page: lets the worker leave a call, until {@link stopLooking}. */
export function startLooking({ control }: HostCallSlot): void {
  Atomics.store(control, STATE, LOOKING);
}

/** On the page: whether there is a call, or a message is about to come. */
export function isLookOver({ control }: HostCallSlot): boolean {
  return Atomics.load(control, STATE) !== LOOKING;
}

/**
 * On the page: takes the call that is there.
 *
 * @returns The call, whose index may be any; `undefined` where there is none, `"malformed"` for one whose
 *   arguments cannot be there.
 */
export function stopLooking({ control, args }: HostCallSlot): SlotCall | "malformed" | undefined {
  if (Atomics.exchange(control, STATE, AWAY) !== CALLED) return undefined;
  // Once: a hostile worker may write there meanwhile.
  const index = control[INDEX] as number;
  const length = control[LENGTH] as number;
  if (length < 0 || length > ARGS_BYTES || index < 0) return "malformed";
  return { index, args: new Uint8Array(args, 0, length).slice() };
}
