/** A worker that times workloads on one engine, so that no engine's code or garbage slows another. */

import { ENGINES, type EngineName } from "./file-system-engines.ts";
import { timeWorkload, type WorkloadName } from "./file-system-workloads.ts";

export interface FileSystemRequest {
  readonly engine: EngineName;
  readonly workload: WorkloadName;
}

addEventListener("message", ({ data }: MessageEvent<FileSystemRequest>) => {
  postMessage(timeWorkload(data.workload, ENGINES[data.engine]()));
});
