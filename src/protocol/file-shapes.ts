/** Predicates over files in the replies of a worker. */

import type { DirectoryEntry, FileKind, FileStat } from "../files/file-system.ts";
import type { FileSnapshot } from "../files/file-tree.ts";
import { isFileName } from "../files/page-path.ts";
import type { Limits } from "../limits.ts";
import { isBytes, isCount, isListOf, isRecord } from "./shapes.ts";

/**
 * Whether `data` is a copy of a plugin's files, within its limits. A directory that contains itself, or
 * is in two places, is rejected. Walks without recursion.
 */
export function isFileTree(data: unknown, limits: Limits): data is FileSnapshot {
  const seen = new Set<unknown>();
  const open: [directory: unknown, depth: number][] = [[data, 0]];
  let names = 0;
  let bytes = 0;
  // A mount may be as deep as a path is long, and its tree as deep as any from there.
  const deepest = limits.directoryDepth + limits.pathBytes / 2;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [directory, depth] = next;
    if (!isRecord(directory) || seen.has(directory) || depth > deepest) return false;
    seen.add(directory);
    for (const [name, content] of Object.entries(directory)) {
      names += 1;
      if (names > limits.inodes || !isFileName(name)) return false;
      if (!isBytes(content)) open.push([content, depth + 1]);
      else if ((bytes += content.length) > limits.fileBytes) return false;
    }
  }
  return true;
}

/** Whether `data` is what a directory holds, within a plugin's limits. */
export function isDirectoryList(data: unknown, limits: Limits): data is DirectoryEntry[] {
  return isListOf(data, isDirectoryEntry, limits.inodes);
}

function isDirectoryEntry(data: unknown): data is DirectoryEntry {
  return isRecord(data) && isFileName(data["name"]) && isFileKind(data["type"]);
}

export function isFileStat(data: unknown): data is FileStat {
  if (!isRecord(data) || !isFileKind(data["type"])) return false;
  return isCount(data["size"]) && Number.isFinite(data["modifiedMs"]);
}

function isFileKind(data: unknown): data is FileKind {
  return data === "file" || data === "directory" || data === "link";
}
