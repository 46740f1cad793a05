/** The source that a share link brought, or that it would take along. The editor reads and sets it. */

import { signal } from "@preact/signals";
import type { ShareState } from "./share-state.ts";

export const sharedSource = signal<ShareState["source"]>(undefined);
