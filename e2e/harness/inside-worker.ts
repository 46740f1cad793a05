/** Runs tests' code inside a plugin's own worker. */

import type { Page } from "@playwright/test";

/** The engine whose worker it is. */
export type Engine = "cloche" | "wasmer";

/** What a script in the worker would find if the worker were not locked down. */
export type Before = Pick<
  typeof globalThis,
  "fetch" | "indexedDB" | "WebSocket" | "Worker" | "XMLHttpRequest"
>;

/** Room in the first thousand characters of an error, where only those are kept. */
const PIECE_CHARS = 800;

/**
 * Runs a function in the worker of a plugin, after the worker's own script has run there, and tells
 * what it returned.
 *
 * The function goes along as text, at the end of the real script, and comes back as the error that
 * the worker ends with: nothing else leads out of a worker that is locked down. A page cuts long
 * errors off, so a long answer comes in pieces, each from a run of its own: a short one is
 * many times as fast.
 *
 * @param code Gets the worker's global, which has no name any more, what some names meant before, and the argument.
 * @param argument Plain data.
 */
export async function insideWorker<T, A = undefined>(
  page: Page,
  engine: Engine,
  code: (global: object, before: Before, argument: A) => T | Promise<T>,
  argument?: A,
): Promise<T> {
  const json = await page.evaluate(
    async ({ engine, code, argument, pieceChars }) => {
      const text = await window.workerText(engine);
      const workerSource = (from: number) => `
        "use strict";
        const insideGlobal = globalThis, insideTask = queueMicrotask;
        const insideBefore = (({ indexedDB, WebSocket, Worker, XMLHttpRequest }) => ({
          fetch: fetch.bind(globalThis), indexedDB, WebSocket, Worker, XMLHttpRequest,
        }))(globalThis);
        ${text};
        (async () => {
          let answer;
          try { answer = { value: await (${code})(insideGlobal, insideBefore, ${argument}) }; }
          catch (error) { answer = { error: String(error) }; }
          const json = JSON.stringify(answer);
          const piece = json.slice(${from}, ${from + pieceChars});
          insideTask(() => { throw new Error("<" + json.length + ">" + piece + "</>"); });
        })();`;
      const ended = async (from: number) => {
        const { loadPlugin } = window.cloche;
        const wasi = { workerSource: workerSource(from) };
        const plugin = await loadPlugin("/plugins/double.wasm", { wasi });
        const reason = await plugin.closed;
        throw reason.kind === "failed" ? reason.error : new Error(reason.kind);
      };
      for (let json = ""; ; ) {
        const { message } = await window.rejection(ended(json.length));
        const [, length, piece] = /<(\d+)>(.*)<\/>/s.exec(message) ?? [];
        if (piece === undefined) throw new Error(`no answer from inside the worker: ${message}`);
        json += piece;
        if (json.length >= Number(length)) return json;
      }
    },
    { engine, code: String(code), argument: JSON.stringify(argument), pieceChars: PIECE_CHARS },
  );
  const { value, error } = JSON.parse(json) as { value: T; error?: string };
  if (error !== undefined) throw new Error(error);
  return value;
}
