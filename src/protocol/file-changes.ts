/**
 * A worker sends the changes of its files with its replies, in the same message.
 *
 * So the page has the changes of a call exactly when it has the call's result, and never those of an
 * interrupted call.
 */

import type { FileChanges, NodeChange, VolumeChanges } from "../files/changes/file-changes.ts";
import type { MountPoint } from "../files/mounts.ts";
import { isFileName } from "../files/page-path.ts";
import { postedBytes } from "./bytes-transfer.ts";
import type { Channel } from "./channel.ts";
import { isBytes, isCount, isListOf, isRecord } from "./shapes.ts";

/** Adds the changes of files to each message of a channel, if there are any. */
export function withFileChanges(
  channel: Channel,
  takeChanges: () => FileChanges | undefined,
): Channel {
  return {
    ...channel,
    postMessage: (message, transfer) => {
      const changes = takeChanges();
      if (changes === undefined) channel.postMessage(message, transfer);
      else {
        const answer = { ...(message as object), changes };
        channel.postMessage(answer, [...transfer, ...changeTransfer(changes)]);
      }
    },
  };
}

/** The transfer list of changes: each chunk has a buffer of its own. */
export function changeTransfer({ volumes }: FileChanges): Transferable[] {
  const buffers: Transferable[] = [];
  for (const { nodes } of volumes.values()) {
    for (const change of nodes.values()) {
      if (change?.kind !== "file") continue;
      for (const bytes of change.chunks.values()) {
        if (bytes !== undefined) buffers.push(...postedBytes(bytes).transfer);
      }
    }
  }
  return buffers;
}

/** Whether data from a worker has the shape of changes. `FileShadow` checks whether they are possible. */
export function isFileChanges(data: unknown): data is FileChanges {
  if (!isRecord(data)) return false;
  const { volumes, mounts } = data as Partial<FileChanges>;
  return (
    isMapOf(volumes, isCount, isVolumeChanges) &&
    (mounts === undefined || isMapOf(mounts, isCount, isMountPoint))
  );
}

function isVolumeChanges(data: unknown): data is VolumeChanges {
  if (!isRecord(data)) return false;
  const { isReadOnly, nodes } = data as Partial<VolumeChanges>;
  const isNode = (node: unknown) => node === undefined || isNodeChange(node);
  return typeof isReadOnly === "boolean" && isMapOf(nodes, isCount, isNode);
}

function isNodeChange(data: unknown): data is NodeChange {
  if (!isRecord(data) || !isTimes(data["times"])) return false;
  switch (data["kind"]) {
    case "file":
      return isCount(data["size"]) && isMapOf(data["chunks"], isCount, isChunk);
    case "directory":
      return isMapOf(data["entries"], isFileName, (id) => id === undefined || isCount(id));
    case "link":
      return typeof data["target"] === "string" && /^[^/]/.test(data["target"]);
    default:
      return false;
  }
}

function isMountPoint(data: unknown): data is MountPoint {
  if (!isRecord(data)) return false;
  return isCount(data["volume"]) && isCount(data["directory"]) && isFileName(data["name"]);
}

function isChunk(data: unknown): boolean {
  return data === undefined || isBytes(data);
}

/** Whether `data` is three WASI times of 64 bits each. */
function isTimes(data: unknown): boolean {
  return isListOf(data, isTime, 3) && data.length === 3;
}

function isTime(data: unknown): data is bigint {
  return typeof data === "bigint" && data === BigInt.asUintN(64, data);
}

function isMapOf(
  data: unknown,
  isKey: (key: unknown) => boolean,
  isValue: (value: unknown) => boolean,
): boolean {
  if (!(data instanceof Map)) return false;
  for (const [key, value] of data as ReadonlyMap<unknown, unknown>) {
    if (!isKey(key) || !isValue(value)) return false;
  }
  return true;
}
