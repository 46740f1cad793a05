/** Memory that a page shares with a worker whose thread waits for the answers to host calls. */

import { createHostCallSlot, type HostCallSlot } from "./host-call-slot.ts";
import { createSharedAnswers, leaveNoAnswer, type SharedAnswers } from "./shared-answers.ts";

export interface HostCallMemory {
  /** For calls of functions, which can be made without a message. */
  readonly slot: HostCallSlot;
  /** One for each kind of host call: a function may be called while input is awaited. */
  readonly answers: { readonly function: SharedAnswers; readonly stdin: SharedAnswers };
}

/** Makes the memory. Needs a cross-origin isolated page. */
export function createHostCallMemory(messageBytes: number): HostCallMemory {
  return {
    slot: createHostCallSlot(),
    answers: {
      function: createSharedAnswers(messageBytes),
      stdin: createSharedAnswers(messageBytes),
    },
  };
}

/** On the page: wakes a worker that is being terminated from any wait. */
export function leaveNoAnswers({ answers }: HostCallMemory): void {
  leaveNoAnswer(answers.function);
  leaveNoAnswer(answers.stdin);
}
