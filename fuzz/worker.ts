/** Checks modules in a worker of a browser, one for each message. */

import { PluginLimitError } from "../src/errors.ts";
import { checkPieces } from "../src/rewrite/pieces.test-kit.ts";
import { checkEnds, compare, type Verdict } from "./compare.ts";
import { outcomeOf } from "./describe.ts";
import { runScript, type Script } from "./script.ts";
import { rewrite } from "./sides.ts";

/** The kinds of checks. */
export type Check =
  /** The module terminates: its forms are compared. */
  | "compare"
  /** The module may not terminate: its forms are interrupted. */
  | "endless"
  /** The bytes may be malformed. */
  | "mutant";

export type Request =
  | { readonly check: Check; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly check: "script"; readonly script: Script };

export type Answer =
  | Verdict
  /** Rejected by the engine, or by a limit of the engine or the rewriter. */
  | { readonly kind: "refused"; readonly why: string };

/** Much longer than rewriting any of these modules takes. */
const REWRITING_MS = 500;

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  postMessage(answerTo(data));
});

function answerTo(request: Request): Answer {
  try {
    if (request.check === "script") return runScript(request.script, checkBroken);
    const { check, bytes } = request;
    const isValid = WebAssembly.validate(bytes);
    const failure = check === "mutant" || isValid ? checkForms(bytes, isValid) : undefined;
    if (failure !== undefined) return failure;
    if (!isValid) return { kind: "refused", why: "by the engine" };
    return check === "endless" ? checkEnds(bytes) : compare(bytes);
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: "different", why: `an error that is not typed: ${why}` };
  }
}

/** Creates all forms of what may be a module. Returns a failure or rejection, if any. */
function checkForms(bytes: Uint8Array<ArrayBuffer>, isValid: boolean): Answer | undefined {
  for (const form of ["terminate", "epoch", "fuel"] as const) {
    const timed = () => {
      const startMs = performance.now();
      const result = tryRewrite(() => rewrite(bytes, form));
      return { result, ms: performance.now() - startMs };
    };
    const { result: rewritten, ms: firstMs } = timed();
    // Measured twice, since a busy machine may pause once for that long.
    const ms = firstMs > REWRITING_MS ? timed().ms : firstMs;
    if (ms > REWRITING_MS) return { kind: "different", why: `${ms} ms to make the form "${form}"` };
    if (rewritten instanceof Error) {
      if (rewritten instanceof PluginLimitError || !isValid) {
        return { kind: "refused", why: `by the rewriter, ${rewritten.name}` };
      }
      return { kind: "different", why: `a valid module is refused: ${rewritten.message}` };
    }
    if (isValid && !WebAssembly.validate(rewritten.bytes)) {
      const why = `not valid in the form "${form}": ${whyInvalid(rewritten.bytes)}`;
      return { kind: "different", why };
    }
    if (isValid) checkPieces(bytes, rewritten);
  }
  return undefined;
}

function checkBroken(bytes: Uint8Array<ArrayBuffer>): Verdict | undefined {
  const answer = checkForms(bytes, WebAssembly.validate(bytes));
  return answer?.kind === "different" ? answer : undefined;
}

/** Returns the result of rewriting, or one of the errors that are allowed. */
function tryRewrite<T>(run: () => T): T | PluginLimitError | TypeError {
  try {
    return run();
  } catch (error) {
    if (error instanceof PluginLimitError) return error;
    if (error instanceof TypeError && error.message.startsWith("Cannot read module: "))
      return error;
    throw error;
  }
}

function whyInvalid(bytes: Uint8Array<ArrayBuffer>): string {
  const outcome = outcomeOf(() => new WebAssembly.Module(bytes));
  return outcome.text;
}
