// Reads what Linux says of the processes of a browser.
import { readdirSync, readFileSync } from "node:fs";

/** The processes of a group, by their ids. */
export function processesOf(groupId) {
  return numbersIn("/proc").filter((id) => Number(fieldsOf(`/proc/${id}/stat`)?.[2]) === groupId);
}

/** The names in a folder that are numbers; none if it is gone. */
export function numbersIn(folder) {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** The text of a file, or `undefined` if it is gone. */
export function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The fields after a process's name, which may contain anything. */
function fieldsOf(file) {
  return read(file)
    ?.replace(/^.*\) /s, "")
    .split(" ");
}
