/** The page that runs the bench: one group per page load, so that each has a fresh heap. */

import { codec } from "./codec.ts";
import { codecLimits } from "./codec-limits.ts";
import { fileSystem } from "./file-system.ts";
import { hostCalls } from "./host-calls.ts";
import { interruption } from "./interruption.ts";
import { interrupts } from "./interrupts.ts";
import { languages } from "./languages.ts";
import { largeModule } from "./large-module.ts";
import { load } from "./load.ts";
import { manyPlugins } from "./many-plugins.ts";
import { type Group, isIsolated, type PageKind, type PlacedTable } from "./measure.ts";
import { memory } from "./memory.ts";
import { output } from "./output.ts";
import { restart } from "./restart.ts";
import { roundTrip } from "./round-trip.ts";
import { throughput } from "./throughput.ts";

const GROUPS: readonly Group[] = [
  roundTrip,
  languages,
  throughput,
  memory,
  load,
  largeModule,
  manyPlugins,
  restart,
  hostCalls,
  output,
  codec,
  codecLimits,
  fileSystem,
  interruption,
  interrupts,
];

/** A group on one kind of page. */
interface Stage {
  readonly group: Group;
  readonly page: PageKind;
}

/** Runs the group that the address names as `only`, or all: one page load a group and kind of page. */
async function runBench(): Promise<void> {
  const search = new URLSearchParams(location.search);
  const stages = stagesOf(search.get("only"));
  const number = Number(search.get("stage") ?? 0);
  const { group, page } = stages[number] as Stage;
  if (search.get("page") !== page) {
    open(search, number, page);
    return;
  }
  if (isIsolated() !== (page === "isolated")) throw new Error(`Cannot have a page that is ${page}`);
  const tables: PlacedTable[] = (await group.run()).map((table) => ({
    ...table,
    ...{ group: group.name, page },
  }));
  await report("tables", { group: group.name, tables, userAgent: navigator.userAgent });
  const next = stages[number + 1];
  if (next === undefined) await report("done", {});
  else open(search, number + 1, next.page);
}

function stagesOf(only: string | null): readonly Stage[] {
  const groups = GROUPS.filter(({ name }) => only === null || name === only);
  if (groups.length === 0) {
    const names = GROUPS.map((each) => each.name).join(", ");
    throw new Error(`Cannot run group "${only}": no such group, expected one of ${names}`);
  }
  return groups.flatMap((group) =>
    (group.pages ?? ["isolated"]).map((page) => ({ group, page }) as const),
  );
}

function open(search: URLSearchParams, stage: number, page: PageKind): void {
  search.set("stage", String(stage));
  search.set("page", page);
  location.search = search.toString();
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
