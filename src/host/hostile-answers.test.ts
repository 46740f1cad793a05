/** Fuzzes the guard before Comlink, where a page listens to a worker, with 250,000 messages over a real channel. */

import { wrap } from "comlink";
import { describe, expect, test } from "vitest";
import { PluginError } from "../errors.ts";
import type { FileChanges } from "../files/changes/file-changes.ts";
import { FileShadow } from "../files/changes/file-shadow.ts";
import { type LinkCopies, treeChanges } from "../files/changes/tree-changes.ts";
import { Errno } from "../files/errno.ts";
import { FileSystem } from "../files/file-system.ts";
import { ROOT_VOLUME } from "../files/volume.ts";
import { WasiError } from "../files/wasi-error.ts";
import {
  guardedEndpoint,
  installTransferHandlers,
  ThrownOnWire,
} from "../protocol/comlink-endpoint.ts";
import type { CompiledModule } from "../protocol/compiled-module.ts";
import { HostileMessages } from "../protocol/hostile-messages.test-kit.ts";
import {
  Countdown,
  expectOften,
  LIMITS,
  SEED,
  TIMEOUT_MS,
  TIMES,
} from "../protocol/hostile-rounds.test-kit.ts";
import { turn, Wire, watched } from "../protocol/hostile-wire.test-kit.ts";
import { PageGuard } from "../protocol/page-guard.ts";
import { fromWireError } from "../protocol/wire-error.ts";
import { type RemoteWorker, remoteWorker } from "../protocol/worker-api.ts";

const CLOCK = { realtimeNs: () => 0n, monotonicNs: () => 0n, resolutionNs: 1n };

const isBoolean = (value: unknown) => value === true || value === false;
const isNothing = (value: unknown) => value === undefined;
const isFiles = (value: unknown): boolean =>
  Object.entries(value as object).every(
    ([name, content]) => isName(name) && (isPlainBytes(content) || isFiles(content)),
  );
const isName = (name: string) => !/^\.{0,2}$|[/\0]/.test(name);

/** Neither shared nor resizable, which several functions of browsers refuse. */
function isPlainBytes(value: unknown): boolean {
  if (Object.prototype.toString.call(value) !== "[object Uint8Array]") return false;
  const { buffer } = value as Uint8Array;
  return buffer instanceof ArrayBuffer && !buffer.resizable;
}

/** What methods give, as their callers see it: said here once more, in other words. */
const IS_SANE: Partial<Record<keyof RemoteWorker, (value: never) => boolean>> = {
  hold: isBoolean,
  start: isNothing,
  run: ({ exitCode, files }) => exitCode >>> 0 === exitCode && isFiles(files),
  read: isPlainBytes,
  write: isNothing,
  list: (entries: { name: string }[]) => entries.every(({ name }) => isName(name)),
  stat: ({ size, modifiedMs }) => Number.isInteger(size) && Number.isFinite(modifiedMs),
  exists: isBoolean,
  snapshot: isFiles,
  compile: ({ contract: { guestFunctions, hostFunctions } }: CompiledModule) =>
    areTexts([...guestFunctions, ...hostFunctions]),
};

function areTexts(names: readonly unknown[]): boolean {
  return names.every((name) => typeof name === "string");
}

function isSaneError(error: unknown): boolean {
  if (!(error instanceof ThrownOnWire)) return false;
  const typed = fromWireError(error.wire, "test");
  if (!(typed instanceof PluginError) || typed.pluginName !== "test") return false;
  return Object.values(typed).every((value) => typeof value === "string" || Number(value) >= 0);
}

describe("a hostile worker", () => {
  test(
    "gives a page only well-formed replies and its output, or is terminated",
    async () => {
      installTransferHandlers();
      const chance = new HostileMessages(SEED);
      const wire = new Wire();
      const notices = { ready: 0, output: 0, truncated: 0, fuel: 0, memory: 0 };
      const counts = { breaches: 0, answers: 0, errors: 0, changes: 0, lies: 0, written: 0 };
      const calls = { results: 0, thrown: 0 };
      const wrong: unknown[] = [];
      const methods = Object.keys(IS_SANE) as (keyof RemoteWorker)[];
      const messages = new Countdown(125_000 * TIMES);

      const ask = (remote: RemoteWorker, method: keyof RemoteWorker) => {
        (remote[method] as () => Promise<never>)().then(
          (value) => {
            counts.answers += 1;
            if (IS_SANE[method]?.(value) !== true) wrong.push([method, value]);
          },
          (error: unknown) => {
            counts.errors += 1;
            if (!isSaneError(error)) wrong.push([method, error]);
          },
        );
      };
      /** Takes changes of files as a page does that persists them, and one that starts a plugin anew. */
      const newFollower = () => {
        const shadow = new FileShadow(LIMITS);
        shadow.follow(ROOT_VOLUME, { isJournaled: true });
        shadow.follow(ROOT_VOLUME + 1, { isJournaled: false });
        const links: LinkCopies = new Map();
        return (changes: FileChanges) => {
          counts.lies += 1;
          shadow.apply(changes);
          counts.lies -= 1;
          counts.changes += 1;
          const { nodes, journal } = shadow.volume(ROOT_VOLUME) ?? {};
          if (nodes === undefined || journal === undefined) return;
          for (const { path } of treeChanges(nodes, journal.take(), links, LIMITS)) {
            counts.written += 1;
            if (!path.split("/").every(isName)) wrong.push(path);
          }
          if (chance.often(90)) return;
          new FileSystem({ limits: LIMITS, clock: CLOCK }).restore(structuredClone(shadow.image()));
        };
      };
      /** A page's view of one worker until it is ended, as an isolate has it. */
      const newWorker = (clock: { nowMs: number }) => {
        const guard = new PageGuard(LIMITS, () => clock.nowMs);
        const apply = newFollower();
        const worker = {
          isEnded: false,
          isClosed: () => worker.isEnded,
          sent: (message: unknown) => guard.sent(message),
          sentCalls: (count: number) => {
            for (let call = 0; call < count; call++) guard.sentCall();
          },
          admits: (message: unknown) => {
            const verdict = guard.judge(message);
            if (verdict.kind === "notice") {
              const { notice } = verdict;
              notices[notice.notice] += 1;
              if (notice.notice === "output" && !isPlainBytes(notice.bytes)) wrong.push(notice);
              return false;
            }
            try {
              if (verdict.kind === "breach" || verdict.kind === "hostCall")
                throw new WasiError(Errno.EPROTO);
              if (verdict.changes !== undefined) apply(verdict.changes);
              if (verdict.kind === "reply") return true;
              for (const { end, fuelUsed } of verdict.replies) {
                calls["result" in end ? "results" : "thrown"] += 1;
                const isSane =
                  "result" in end
                    ? isPlainBytes(end.result) && end.result.length <= LIMITS.messageBytes
                    : isSaneError(new ThrownOnWire(end.thrown));
                if (!isSane || !Number.isSafeInteger(fuelUsed)) wrong.push(end);
              }
              return false;
            } catch (error) {
              if (!(error instanceof WasiError)) throw error;
              worker.isEnded = true;
              counts.breaches += 1;
              return false;
            }
          },
        };
        return worker;
      };

      /** One worker after the other. */
      const manyWorkers = async () => {
        const clock = { nowMs: 0 };
        let worker = newWorker(clock);
        const endpoint = guardedEndpoint(wire, {
          isClosed: () => worker.isClosed(),
          admits: (message) => worker.admits(message),
          sent: (message) => worker.sent(message),
        });
        const remote = remoteWorker(wrap<RemoteWorker>(endpoint));
        for (let workers = 0; workers < 1000 && messages.areLeft(); workers++) {
          worker = newWorker(clock);
          const { posted } = wire;
          for (let requests = 0; requests < 6; requests++) ask(remote, chance.one(methods));
          worker.sentCalls(chance.below(5));
          const ids = wire.heard().map((message) => String(Object(message).id));
          // Some go on after their end: nothing may get through.
          while (messages.take() && !(worker.isEnded && chance.often(40))) {
            clock.nowMs += chance.below(20);
            wire.send(chance.next(ids));
          }
          // A page that only asks has answered nothing.
          if (wire.posted !== posted + 6) wrong.push("the page has posted something");
        }
      };

      await watched(async () => {
        while (messages.areLeft()) {
          await manyWorkers();
          await turn();
          // Comlink keeps what is never answered.
          wire.reset();
        }
        wire.close();
      });
      expect(wrong.slice(0, 5)).toEqual([]);
      expectOften({ ...counts, ...calls, ...notices });
    },
    TIMEOUT_MS,
  );
});
