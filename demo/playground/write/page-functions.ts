/** What the page lends to plugins that are written on it. */

import type { HostCall } from "../workspace/program.ts";

export const pageFunctions: Readonly<Record<string, HostCall>> = {
  today: (): string => new Date().toLocaleDateString(),
};
