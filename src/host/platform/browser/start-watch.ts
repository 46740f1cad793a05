/** Says why a worker did not start, and what to do about it. */

import { shownName } from "../../../abi/names.ts";
import { hasTrustedTypes, POLICY_NAME } from "../../../protocol/trusted-types.ts";
import type { StartWatch } from "../threads.ts";
import type { WorkerChoice } from "../worker-choice.ts";
import { FRAME_NEEDS } from "./strict-frame.ts";

const VIOLATION = "securitypolicyviolation";

/** Watches for the one event that tells a policy from other reasons: browsers dispatch it first. */
export class BrowserStartWatch implements StartWatch {
  readonly #choice: WorkerChoice;
  #isForbidden = false;

  constructor(choice: WorkerChoice) {
    this.#choice = choice;
    globalThis.addEventListener(VIOLATION, this.#onViolation);
  }

  readonly #onViolation = ({ effectiveDirective }: SecurityPolicyViolationEvent): void => {
    if (effectiveDirective === "worker-src") this.#isForbidden = true;
  };

  stop(): void {
    globalThis.removeEventListener(VIOLATION, this.#onViolation);
  }

  explain(found: string, thrown: unknown): string {
    const { isolation, worker } = this.#choice;
    // The page's own function made it, so only the page knows how.
    if (typeof worker === "function") return found || "no reason given";
    if (globalThis.Worker === undefined) return `${describeScope()} cannot start workers`;
    if (worker !== undefined && isOfOtherOrigin(worker)) {
      return `script "${shownName(String(worker))}" is of another origin, which browsers refuse (serve it from ${location.origin})`;
    }
    if (thrown instanceof TypeError && hasTrustedTypes()) {
      return worker === undefined
        ? `the page requires Trusted Types (allow the policy name: trusted-types ${POLICY_NAME})`
        : "the page requires Trusted Types (pass worker: () => new Worker(policy.createScriptURL(address)))";
    }
    const isRefused = thrown instanceof DOMException && thrown.name === "SecurityError";
    if (isolation === "strict") {
      return `${found || "no reason given"} (a Content-Security-Policy of the page has to allow ${FRAME_NEEDS})`;
    }
    if (this.#isForbidden || isRefused) {
      const needs = worker === undefined ? "blob:" : "the script's address";
      return `the page's Content-Security-Policy forbids it (allow ${needs} in worker-src)`;
    }
    if (found !== "") return found;
    return worker === undefined
      ? "the browser gave no reason"
      : `script "${shownName(String(worker))}" did not load (its status, its type, or, on a cross-origin isolated page, a missing Cross-Origin-Embedder-Policy)`;
  }
}

/** What kind of global this is, where there is no `Worker`. */
function describeScope(): string {
  if ("ServiceWorkerGlobalScope" in globalThis) return "a service worker";
  if ("SharedWorkerGlobalScope" in globalThis) return "a shared worker of this browser";
  return "process" in globalThis ? "Node" : "this environment";
}

function isOfOtherOrigin(worker: string | URL): boolean {
  const { protocol, origin } = new URL(worker, globalThis.document?.baseURI ?? location.href);
  return (protocol === "https:" || protocol === "http:") && origin !== location.origin;
}
