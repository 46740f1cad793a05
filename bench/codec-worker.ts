/** Runs one workload of the codec group. */

import { WORKLOADS } from "./codec-workloads.ts";

export interface CodecRequest {
  readonly workload: keyof typeof WORKLOADS;
  /** Whether other types than the workload's have been encoded and decoded before. */
  readonly afterOthers: boolean;
}

addEventListener("message", async ({ data }) => {
  const { workload, afterOthers } = data as CodecRequest;
  postMessage(await WORKLOADS[workload](afterOthers));
});
