// Watches how much processor time a browser's workers use or wait for, on Linux.
import { numbersIn, processesOf, read } from "./processes.mjs";

/** The names of the threads of dedicated workers in Chromium and Firefox. */
const WORKER_THREAD = /^(DedicatedWorker|DOM Worker)/;

/** The interval of the checks, and how many in a row must find workers idle. */
const LOOK_MS = 2;
const QUIET_LOOKS = 3;
/** More than an idle worker uses. A spinning one uses a whole core. */
const QUIET_SHARE = 0.1;

const GIVE_UP_MS = 5000;

/**
 * Waits until all workers of a browser are idle.
 *
 * @param {number} groupId The browser's group of processes.
 * @returns {Promise<number | undefined>} When they were last seen busy, in milliseconds since 1970;
 *   `undefined` if that is unknown or they do not stop.
 */
export async function untilWorkersIdle(groupId) {
  if (process.platform !== "linux") return undefined;
  const files = workerThreads(groupId);
  const startMs = Date.now();
  let lastBusyMs = startMs;
  let quiet = 0;
  let [beforeMs, before] = [performance.now(), wantedMs(files)];
  while (quiet < QUIET_LOOKS) {
    if (Date.now() - startMs > GIVE_UP_MS) return undefined;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const [nowMs, now] = [performance.now(), wantedMs(files)];
    const share = (now - before) / (nowMs - beforeMs);
    [beforeMs, before] = [nowMs, now];
    if (share < QUIET_SHARE) quiet += 1;
    else [quiet, lastBusyMs] = [0, Date.now()];
  }
  return lastBusyMs;
}

/** The files with the time of each thread. The file of a thread disappears when it ends. */
function workerThreads(groupId) {
  return processesOf(groupId)
    .flatMap((id) => numbersIn(`/proc/${id}/task`).map((task) => `/proc/${id}/task/${task}`))
    .filter((thread) => WORKER_THREAD.test(read(`${thread}/comm`) ?? ""))
    .map((thread) => `${thread}/schedstat`);
}

/** The time of all threads on a processor or waiting for one. */
function wantedMs(files) {
  return files.reduce((sum, file) => {
    const [ranNs = 0, waitedNs = 0] = (read(file) ?? "").split(" ").map(Number);
    return sum + (ranNs + waitedNs) / 1e6;
  }, 0);
}
