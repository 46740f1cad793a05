/** Runs tests' code inside a plugin's own worker. */

import type { Page } from "@playwright/test";

/** The engine whose worker it is. */
export type Engine = "cloche" | "wasmer";

/** What a script in the worker would find if the worker were not locked down. */
export type Before = Pick<
  typeof globalThis,
  "fetch" | "indexedDB" | "WebSocket" | "Worker" | "XMLHttpRequest"
>;

/**
 * Runs a function in the worker of a plugin, after the worker's own script has run there, and tells
 * what it returned.
 *
 * The function goes along as text, at the end of the real script, and comes back as the error that
 * the worker ends with: nothing else leads out of a worker that is locked down.
 *
 * @param code Gets the worker's global, which has no name any more, and what some names meant before.
 */
export async function insideWorker<T>(
  page: Page,
  engine: Engine,
  code: (global: object, before: Before) => T | Promise<T>,
): Promise<T> {
  const answer = await page.evaluate(
    async ({ engine, code }) => {
      const { workerAddress, wasmerWorkerAddress } = window;
      const script = await fetch(engine === "cloche" ? workerAddress : wasmerWorkerAddress);
      const workerSource = `
        const insideGlobal = globalThis, insideTask = queueMicrotask;
        const insideBefore = { fetch: fetch.bind(globalThis), indexedDB, WebSocket, Worker, XMLHttpRequest };
        ${await script.text()};
        (async () => {
          let answer;
          try { answer = { value: await (${code})(insideGlobal, insideBefore) }; }
          catch (error) { answer = { error: String(error) }; }
          insideTask(() => { throw new Error("<answer>" + JSON.stringify(answer) + "</answer>"); });
        })();`;
      const ended = async () => {
        const { loadPlugin } = window.cloche;
        const plugin = await loadPlugin("/plugins/double.wasm", { wasi: { workerSource } });
        const reason = await plugin.closed;
        throw reason.kind === "failed" ? reason.error : new Error(reason.kind);
      };
      return (await window.rejection(ended())).message;
    },
    { engine, code: String(code) },
  );
  const [, json] = /<answer>(.*)<\/answer>/s.exec(answer) ?? [];
  if (json === undefined) throw new Error(`no answer from inside the worker, but: ${answer}`);
  const { value, error } = JSON.parse(json) as { value: T; error?: string };
  if (error !== undefined) throw new Error(error);
  return value;
}
