/** Writes the recording of a run into a file, with its module. */

import { writeFileSync } from "node:fs";
import type { CommandRun, Plugin } from "cloche";
import { Failure, messageOf } from "../failure.ts";

export async function writeRecording(
  recorded: Pick<Plugin | CommandRun, "recording">,
  path: string,
): Promise<void> {
  const recording = await recorded.recording({ withModule: true });
  try {
    writeFileSync(path, JSON.stringify(recording));
  } catch (error) {
    throw new Failure(`Cannot write "${path}": ${messageOf(error)}`, undefined, error);
  }
}
