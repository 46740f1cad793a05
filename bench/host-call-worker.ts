/** A baseline: a guest whose import waits for the page by one mechanism, and nothing else. */

/** What the page posts first, and for each run and reply after that. */
export type HostCallOrder =
  | { readonly module: WebAssembly.Module; readonly shared?: Int32Array }
  | { readonly calls: number }
  | { readonly sum: number };

/** What the worker posts: a host call, or the end of a run. */
export type HostCallReport = { readonly a: number; readonly b: number } | { readonly end: number };

interface Jspi {
  readonly Suspending: new (
    wait: (a: number, b: number) => Promise<number>,
  ) => WebAssembly.ExportValue;
  readonly promising: (run: unknown) => (calls: number) => Promise<number>;
}

const { Suspending, promising } = WebAssembly as unknown as Jspi;

let run: (calls: number) => number | Promise<number>;
let answer: (sum: number) => void = () => {};

function tell(report: HostCallReport): void {
  postMessage(report);
}

addEventListener("message", async ({ data }: MessageEvent<HostCallOrder>) => {
  if ("sum" in data) answer(data.sum);
  else if ("calls" in data) tell({ end: await run(data.calls) });
  else start(data.module, data.shared);
});

/** @param shared Where the page counts its replies and writes their values. Without it the guest is suspended. */
function start(module: WebAssembly.Module, shared: Int32Array | undefined): void {
  const add = shared === undefined ? new Suspending(suspended) : waiting(shared);
  const { exports } = new WebAssembly.Instance(module, { env: { add } });
  const sum = exports["sum"] as (calls: number) => number;
  run = shared === undefined ? promising(sum) : sum;
}

function suspended(a: number, b: number): Promise<number> {
  return new Promise((resolve) => {
    answer = resolve;
    tell({ a, b });
  });
}

function waiting(shared: Int32Array): (a: number, b: number) => number {
  return (a, b) => {
    const replies = Atomics.load(shared, 0);
    tell({ a, b });
    Atomics.wait(shared, 0, replies);
    return Atomics.load(shared, 1);
  };
}
