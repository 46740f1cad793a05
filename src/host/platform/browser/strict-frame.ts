/**
 * A worker in a sandboxed frame of its own: with an opaque origin, a policy of its own, and in
 * Chromium a process of its own.
 */

import { frameScript, frameScriptHash } from "#frame-script";
import { type FrameStart, isFrameNotice } from "../../../protocol/frame-messages.ts";
import { trustedHtml } from "../../../protocol/trusted-types.ts";
import { startTimer } from "../../time/timer.ts";
import type { PluginThread } from "../plugin-thread.ts";

/** Allows one script, which starts one worker. Neither can load anything, not even by `import()`. */
const POLICY = `default-src 'none'; script-src '${frameScriptHash}' 'wasm-unsafe-eval'; worker-src blob: data:`;

const DOCUMENT = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}"><script>${frameScript}</script>`;

/** What the policy of the page has to allow, because its frames inherit it. */
export const FRAME_NEEDS: string = `'${frameScriptHash}' in script-src and blob: in worker-src, or data: in Safari on a cross-origin isolated page`;

/** How often the frame is pinged: no event tells when its process dies. */
const PING_MS = 1000;

/** How many pings may be unanswered before the frame counts as dead: a busy machine answers late. */
const MAX_UNANSWERED_PINGS = 5;

export class StrictFrame implements PluginThread {
  readonly #frame: HTMLIFrameElement;
  /** Connects the page to the worker, bypassing the frame. */
  readonly #channel: MessagePort;
  readonly #control: MessagePort;
  readonly #errors: EventTarget = new EventTarget();
  #unansweredPings = 0;
  #stopPinging: () => void = () => {};

  /** Throws where there is no document. */
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
      this.#ping();
    };
    frame.addEventListener("load", onLoad, { once: true });
    // Not into the body, which some pages replace.
    document.documentElement.append(frame);
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    this.#channel.postMessage(message, transfer);
  }

  addEventListener(
    type: "message" | "messageerror" | "error",
    listener: (event: never) => void,
  ): void {
    const target = type === "error" ? this.#errors : this.#channel;
    target.addEventListener(type, listener as (event: unknown) => void);
  }

  /** Terminates the worker by removing its frame. */
  terminate(): void {
    this.#stopPinging();
    this.#channel.close();
    this.#control.close();
    this.#frame.remove();
  }

  #ping(): void {
    if (this.#unansweredPings === MAX_UNANSWERED_PINGS || !this.#frame.isConnected) {
      this.#fail("its frame was removed or its process crashed");
      return;
    }
    this.#unansweredPings += 1;
    this.#control.postMessage("alive?", []);
    this.#stopPinging = startTimer(PING_MS, () => this.#ping());
  }

  #onNotice(data: unknown): void {
    if (!isFrameNotice(data)) this.#fail("its frame sent a malformed message");
    else if (data.notice === "failed") this.#fail(data.message);
    else if (this.#unansweredPings === 0) this.#fail("its frame answered a ping that was not sent");
    else this.#unansweredPings -= 1;
  }

  #fail(message: string): void {
    this.#errors.dispatchEvent(new ErrorEvent("error", { message, cancelable: true }));
  }
}
