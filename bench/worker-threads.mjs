// Watches how much processor time a browser's workers want, as Linux tells it.
import { readdirSync, readFileSync } from "node:fs";

/** What Chromium and Firefox call the threads of dedicated workers. */
const WORKER_THREAD = /^(DedicatedWorker|DOM Worker)/;

/** Between two looks, and how many have to find next to nothing done. */
const LOOK_MS = 2;
const QUIET_LOOKS = 3;
/** More than a worker wants that only answers now and then; a spinning one wants all there is. */
const QUIET_SHARE = 0.1;

const GIVE_UP_MS = 5000;

/**
 * Waits until no worker of a browser computes.
 *
 * @param {number} groupId The browser's group of processes.
 * @returns {Promise<number | undefined>} When they were last seen to, in milliseconds since 1970;
 *   `undefined` where that cannot be seen, or they do not stop.
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

/** The files that tell what each thread has used; a thread that ends takes its file away. */
function workerThreads(groupId) {
  const inGroup = (id) => Number(fieldsOf(`/proc/${id}/stat`)?.[2]) === groupId;
  return numbersIn("/proc")
    .filter(inGroup)
    .flatMap((id) => numbersIn(`/proc/${id}/task`).map((task) => `/proc/${id}/task/${task}`))
    .filter((thread) => WORKER_THREAD.test(read(`${thread}/comm`) ?? ""))
    .map((thread) => `${thread}/schedstat`);
}

/** Time on a processor, or waiting for one, of all threads together. */
function wantedMs(files) {
  return files.reduce((sum, file) => {
    const [ranNs = 0, waitedNs = 0] = (read(file) ?? "").split(" ").map(Number);
    return sum + (ranNs + waitedNs) / 1e6;
  }, 0);
}

/** The fields after a process's name, which may have anything in it. */
function fieldsOf(file) {
  return read(file)
    ?.replace(/^.*\) /s, "")
    .split(" ");
}

function numbersIn(folder) {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
