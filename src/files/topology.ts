/**
 * How a tree of files is read, whatever it is made of. `Entry` is a file of any type, `Directory` one
 * that has entries. Both engines share the path walk and the checks that are built on this.
 */
export interface Topology<Entry, Directory extends Entry> {
  isDirectory(entry: Entry): entry is Directory;
  getChild(directory: Directory, name: string): Entry | undefined;
  childrenOf(directory: Directory): Iterable<Entry>;
  /** The directory that contains `directory`. A root is its own parent. */
  parentOf(directory: Directory): Directory;
  /** The target of a symbolic link; `undefined` for any other entry. */
  targetOf(entry: Entry): string | undefined;
}

/** Returns the number of directories around `directory`: 0 for a root. */
export function depthOf<Entry, Directory extends Entry>(
  topology: Topology<Entry, Directory>,
  directory: Directory,
): number {
  let depth = 0;
  for (let at = directory; topology.parentOf(at) !== at; at = topology.parentOf(at)) depth++;
  return depth;
}

/** Whether `directory` is `ancestor` or somewhere in it. */
export function isWithin<Entry, Directory extends Entry>(
  topology: Topology<Entry, Directory>,
  directory: Directory,
  ancestor: Directory,
): boolean {
  let at = directory;
  while (at !== ancestor && topology.parentOf(at) !== at) at = topology.parentOf(at);
  return at === ancestor;
}

/** Whether `directory` and the directories in it have more than `levels` levels. */
export function isDeeper<Entry, Directory extends Entry>(
  topology: Topology<Entry, Directory>,
  directory: Directory,
  levels: number,
): boolean {
  if (levels <= 0) return true;
  for (const entry of topology.childrenOf(directory)) {
    if (topology.isDirectory(entry) && isDeeper(topology, entry, levels - 1)) return true;
  }
  return false;
}
