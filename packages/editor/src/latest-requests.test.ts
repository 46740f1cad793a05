import { describe, expect, test } from "vitest";
import { LatestRequests } from "./latest-requests.ts";

/** A request that ends when its time is over or when it is interrupted. */
function lasting(ms: number, log: string[] = [], name = "") {
  return (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        log.push(`${name} ends`);
        resolve(name);
      }, ms);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        log.push(`${name} is interrupted`);
        reject(signal.reason as Error);
      });
    });
}

function open(graceMs: number): LatestRequests {
  const requests = new LatestRequests(graceMs, () => {});
  requests.hold(false);
  return requests;
}

const request = { kind: "complete", document: {}, signal: undefined } as const;

describe("a running request that a newer one replaces", () => {
  test("may end within the grace, however long it ran before", async () => {
    const requests = open(300);
    let end = () => {};
    const ending = new Promise<void>((resolve) => (end = resolve));
    let wasInterrupted = false;
    const first = requests.ask({
      ...request,
      run: async (signal) => {
        signal.addEventListener("abort", () => (wasInterrupted = true));
        await ending;
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 320));
    const second = requests.ask({ ...request, run: lasting(0, [], "second") });
    await expect(first).rejects.toMatchObject({ name: "AbortError" });
    end();
    expect(await second).toBe("second");
    expect(wasInterrupted).toBe(false);
  });

  test("is interrupted after the grace, also when ever newer ones replace the one that waits", async () => {
    const log: string[] = [];
    const requests = open(50);
    void requests.ask({ ...request, run: lasting(60_000, log, "first") }).catch(() => {});
    const startMs = performance.now();
    while (log.length === 0 && performance.now() - startMs < 5000) {
      void requests.ask({ ...request, run: lasting(60_000) }).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(log).toEqual(["first is interrupted"]);
    requests.cancelAll("done");
  });

  test("is never interrupted with a grace without an end", async () => {
    const log: string[] = [];
    const requests = open(Number.POSITIVE_INFINITY);
    void requests.ask({ ...request, run: lasting(60, log, "first") }).catch(() => {});
    expect(await requests.ask({ ...request, run: lasting(0, log, "second") })).toBe("second");
    expect(log).toEqual(["first ends", "second ends"]);
  });
});

test("of those that wait the most urgent runs first", async () => {
  const log: string[] = [];
  const requests = open(100);
  await Promise.all(
    (["diagnose", "format", "hover", "complete"] as const).map((kind) =>
      requests.ask({ ...request, kind, run: lasting(0, log, kind) }),
    ),
  );
  expect(log).toEqual(["diagnose ends", "complete ends", "hover ends", "format ends"]);
});
