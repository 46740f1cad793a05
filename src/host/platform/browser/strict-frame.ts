/**
 * A worker in a sandboxed frame of its own: of an opaque origin, under a policy of its own, and in
 * Chromium in another process than the page.
 */

import { frameScript, frameScriptHash } from "#frame-script";
import { type FrameStart, isFrameNotice } from "../../../protocol/frame-messages.ts";
import { trustedHtml } from "../../../protocol/trusted-types.ts";
import { startTimer } from "../../time/timer.ts";
import type { PluginThread } from "../plugin-thread.ts";

/** Runs one script that starts one worker. Neither loads anything: not by `import()`, not at all. */
const POLICY = `default-src 'none'; script-src '${frameScriptHash}' 'wasm-unsafe-eval'; worker-src blob:`;

const DOCUMENT = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}"><script>${frameScript}</script>`;

/** What the policy of the page, which its frames inherit, has to allow. */
export const FRAME_NEEDS: string = `'${frameScriptHash}' in script-src and blob: in worker-src`;

/** How often the frame is asked whether it lives. No event tells when its process dies. */
const ASK_MS = 1000;

/** How many questions may stay open: on a busy machine an answer takes its time. */
const OPEN_QUESTIONS = 5;

export class StrictFrame implements PluginThread {
  readonly #frame: HTMLIFrameElement;
  /** Leads past the frame to the worker. */
  readonly #channel: MessagePort;
  readonly #control: MessagePort;
  readonly #errors: EventTarget = new EventTarget();
  #openQuestions = 0;
  #stopAsking: () => void = () => {};

  /** Throws where there is no document to put the frame into. */
  constructor(workerSource: string, name: string) {
    const { port1: channel, port2: workerChannel } = new MessageChannel();
    const { port1: control, port2: frameControl } = new MessageChannel();
    this.#channel = channel;
    this.#control = control;
    control.addEventListener("message", ({ data }) => this.#onNotice(data));
    control.start();
    channel.start();

    const frame = document.createElement("iframe");
    this.#frame = frame;
    frame.setAttribute("sandbox", "allow-scripts");
    frame.style.display = "none";
    frame.srcdoc = trustedHtml(DOCUMENT);
    const onLoad = (): void => {
      const start = { workerSource, name, channel: workerChannel, control: frameControl };
      const moved = [workerChannel, frameControl];
      frame.contentWindow?.postMessage(start satisfies FrameStart, "*", moved);
      this.#ask();
    };
    frame.addEventListener("load", onLoad, { once: true });
    // Not into the body, which pages replace as a whole.
    document.documentElement.append(frame);
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    this.#channel.postMessage(message, transfer);
  }

  addEventListener<Type extends "message" | "messageerror" | "error">(
    type: Type,
    listener: (event: WorkerEventMap[Type]) => void,
  ): void {
    const target = type === "error" ? this.#errors : this.#channel;
    target.addEventListener(type, listener as (event: Event) => void);
  }

  /** Ends the worker with its frame. */
  terminate(): void {
    this.#stopAsking();
    this.#channel.close();
    this.#control.close();
    this.#frame.remove();
  }

  #ask(): void {
    if (this.#openQuestions === OPEN_QUESTIONS || !this.#frame.isConnected) {
      this.#fail("its frame is gone, or its process");
      return;
    }
    this.#openQuestions += 1;
    this.#control.postMessage("alive?", []);
    this.#stopAsking = startTimer(ASK_MS, () => this.#ask());
  }

  #onNotice(data: unknown): void {
    if (!isFrameNotice(data)) this.#fail("its frame sent a message of unknown shape");
    else if (data.notice === "failed") this.#fail(data.message);
    else if (this.#openQuestions === 0) this.#fail("its frame answered what was not asked");
    else this.#openQuestions -= 1;
  }

  #fail(message: string): void {
    this.#errors.dispatchEvent(new ErrorEvent("error", { message, cancelable: true }));
  }
}
