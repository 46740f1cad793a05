/** The page that runs the bench: one group per page load, so that each has a fresh heap. */

import { codec } from "./codec.ts";
import { codecLimits } from "./codec-limits.ts";
import { fileSystem } from "./file-system.ts";
import { hostCalls } from "./host-calls.ts";
import { interruption } from "./interruption.ts";
import { interrupts } from "./interrupts.ts";
import { load } from "./load.ts";
import type { Group } from "./measure.ts";
import { restart } from "./restart.ts";
import { roundTrip } from "./round-trip.ts";
import { throughput } from "./throughput.ts";

const GROUPS: readonly Group[] = [
  roundTrip,
  throughput,
  load,
  restart,
  hostCalls,
  codec,
  codecLimits,
  fileSystem,
  interruption,
  interrupts,
];

/** Runs the group that the address names as `only`, or all, one page load after the other. */
async function runBench(): Promise<void> {
  const search = new URLSearchParams(location.search);
  const only = search.get("only");
  const name = only ?? search.get("group") ?? GROUPS[0]?.name;
  const index = GROUPS.findIndex((group) => group.name === name);
  const group = GROUPS[index];
  if (group === undefined) {
    const names = GROUPS.map((each) => each.name).join(", ");
    throw new Error(`Cannot run group "${name}": no such group, expected one of ${names}`);
  }
  await report("tables", { group: group.name, tables: await group.run() });
  const next = only === null ? GROUPS[index + 1] : undefined;
  if (next === undefined) await report("done", {});
  else {
    search.set("group", next.name);
    location.search = search.toString();
  }
}

async function report(what: "tables" | "done" | "failure", body: unknown): Promise<void> {
  await fetch(`/report/${what}`, { method: "POST", body: JSON.stringify(body) });
}

function fail(error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  void report("failure", { message });
}

addEventListener("unhandledrejection", (event) => fail(event.reason));
addEventListener("error", (event) => fail(event.error ?? event.message));
runBench().catch(fail);
