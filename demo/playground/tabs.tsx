/** The tabs of the workbench. Those that are large are fetched when they are shown. */

import type { ComponentType } from "preact";
import { CallPanel } from "./call-form/call-panel.tsx";
import { lazyPart } from "./lazy-part.tsx";
import type { TabName } from "./tab-name.ts";

export const TABS: Readonly<Record<TabName, { title: string; Panel: ComponentType }>> = {
  call: { title: "Call", Panel: CallPanel },
  attacks: {
    title: "Attacks",
    Panel: lazyPart(async () => (await import("./attacks/attack-panel.tsx")).AttackPanel),
  },
  write: {
    title: "Write",
    Panel: lazyPart(async () => (await import("./write/write-panel.tsx")).WritePanel),
  },
  terminal: {
    title: "Terminal",
    Panel: lazyPart(async () => (await import("./terminal/terminal-panel.tsx")).TerminalPanel),
  },
  inspect: {
    title: "Inspect",
    Panel: lazyPart(async () => (await import("./inspect/inspect-panel.tsx")).InspectPanel),
  },
};
