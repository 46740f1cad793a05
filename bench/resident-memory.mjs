// Tells how much memory the processes of a browser have and had, on Linux.
import { writeFileSync } from "node:fs";
import { processesOf, read } from "./processes.mjs";

/** Makes the kernel forget the peak so far: see proc(5), clear_refs. */
const FORGET_PEAK = "5";

/**
 * Counts the peak anew from now on.
 *
 * @param {number} groupId The browser's group of processes.
 * @returns {{ nowBytes: number, peakBytes: number } | undefined} Of all processes together; `undefined` if
 *   that is unknown.
 */
export function residentMemory(groupId) {
  if (process.platform !== "linux") return undefined;
  const sizes = { nowBytes: 0, peakBytes: 0 };
  for (const id of processesOf(groupId)) {
    const status = read(`/proc/${id}/status`) ?? "";
    sizes.nowBytes += bytesOf(status, "VmRSS");
    sizes.peakBytes += bytesOf(status, "VmHWM");
    writeFileSync(`/proc/${id}/clear_refs`, FORGET_PEAK);
  }
  return sizes;
}

function bytesOf(status, name) {
  return 1024 * Number(status.match(new RegExp(`^${name}:\\s+(\\d+) kB`, "m"))?.[1] ?? 0);
}
