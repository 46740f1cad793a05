import fc from "fast-check";
import { CHUNK_BYTES } from "./file-content.ts";
import type { FileSystem, MountedTree } from "./file-system.ts";
import type { FileTree } from "./file-tree.ts";
import { FileType } from "./file-type.ts";
import type { TestGuest } from "./guest.test-kit.ts";
import type { DirectoryNode, Node } from "./node.ts";

/** One thing that a guest or the page does to files; what is refused changes nothing. */
export type Step = (guest: TestGuest, mounts: MountedTree[]) => void;

const name = fc.constantFrom("a", "b", "c");
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
const position = fc.constantFrom(0, 7, CHUNK_BYTES - 3, CHUNK_BYTES, 2 * CHUNK_BYTES + 5);
const text = fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom("x", "y", "z") });
const tree: fc.Arbitrary<FileTree> = fc.dictionary(name, fc.oneof(text, fc.dictionary(name, text)));

/** Steps over few names, so that they meet. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ path, text, position }).map(
    ({ path, text, position }): Step =>
      (guest) => {
        const fd = guest.open(path, { flags: 1 });
        guest.pwrite(fd, text, BigInt(position));
        guest.close(fd);
      },
  ),
  fc.record({ path, position }).map(
    ({ path, position }): Step =>
      (guest) => {
        guest.call("fd_filestat_set_size", guest.open(path, { flags: 1 }), BigInt(position));
      },
  ),
  fc.record({ path, text }).map(
    ({ path, text }): Step =>
      (guest) => {
        // A file that lives on without a name.
        const fd = guest.open(path, { flags: 1 });
        guest.unlink(path);
        guest.write(fd, text);
      },
  ),
  fc.record({ path, value: fc.bigInt(0n, 1n << 62n) }).map(
    ({ path, value }): Step =>
      (guest) => {
        guest.call("path_filestat_set_times", 3, 0, ...guest.put(path), value, value + 1n, 5);
      },
  ),
  path.map(
    (path): Step =>
      (guest) =>
        guest.mkdir(path),
  ),
  path.map(
    (path): Step =>
      (guest) =>
        guest.rmdir(path),
  ),
  path.map(
    (path): Step =>
      (guest) =>
        guest.unlink(path),
  ),
  path.map(
    (path): Step =>
      (guest) =>
        guest.files.remove(path, { recursive: true }),
  ),
  fc.tuple(path, path).map(
    ([from, to]): Step =>
      (guest) =>
        guest.rename(from, to),
  ),
  fc.tuple(path, path).map(
    ([from, to]): Step =>
      (guest) =>
        guest.link(from, to),
  ),
  fc.tuple(fc.constantFrom("a", "b/c", "../a", "./c/../b", "../../c", "missing"), path).map(
    ([target, path]): Step =>
      (guest) =>
        guest.symlink(target, path),
  ),
  fc.tuple(path, tree).map(
    ([path, tree]): Step =>
      (guest) =>
        guest.files.load(tree, path),
  ),
  fc.record({ path, tree, readOnly: fc.boolean() }).map(
    ({ path, tree, readOnly }): Step =>
      (guest, mounts) => {
        mounts.push(guest.files.mount(path, tree, { readOnly }));
      },
  ),
  fc.nat({ max: 5 }).map(
    (index): Step =>
      (_, mounts) =>
        mounts[index]?.unmount(),
  ),
);

/** Takes a step, which may be refused. */
export function take(step: Step, guest: TestGuest, mounts: MountedTree[]): void {
  guest.clock.timeNs += 1_000_000n;
  try {
    step(guest, mounts);
  } catch (error) {
    if (!(error instanceof Error) || !/^E[A-Z]+/.test(error.message)) throw error;
  }
}

/** All that a file system holds, a line for each name: what a guest could find out of it. */
export function visibleIn(files: FileSystem): string[] {
  const lines: string[] = [];
  const visit = (directory: DirectoryNode, prefix: string): void => {
    const entries = [...directory.entries()].sort((one, other) => (one.name < other.name ? -1 : 1));
    for (const { name, node } of entries) {
      lines.push(`${prefix}${name} ${describeNode(node)}`);
      if (node.type === FileType.DIRECTORY) visit(node, `${prefix}${name}/`);
    }
  };
  lines.push(`/ ${describeNode(files.tree.root)}`);
  visit(files.tree.root, "/");
  return lines;
}

function describeNode(node: Node): string {
  const { volume, id, names, accessedNs, modifiedNs, changedNs } = node;
  const content =
    node.type === FileType.REGULAR_FILE
      ? digest(node.toBytes())
      : node.type === FileType.SYMBOLIC_LINK
        ? node.target
        : "";
  const place = `${volume.id}:${id} ${volume.readOnly ? "ro" : "rw"} ${names}`;
  return `${node.type} ${place} ${accessedNs} ${modifiedNs} ${changedNs} ${content}`;
}

/** The size of a file, and what in it is not zero. */
export function digest(bytes: Uint8Array): string {
  let digest = `${bytes.length}:`;
  for (let position = 0; position < bytes.length; position++) {
    if (bytes[position] !== 0) digest += `${position}=${bytes[position]},`;
  }
  return digest;
}
