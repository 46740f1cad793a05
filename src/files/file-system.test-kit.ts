import fc from "fast-check";
import type { TestGuest } from "../wasi/guest.test-kit.ts";
import { CHUNK_BYTES } from "./file-content.ts";
import type { FileSystem, MountedTree } from "./file-system.ts";
import type { PlainFiles } from "./file-tree.ts";
import { FileType } from "./file-type.ts";
import type { DirectoryNode, Node } from "./node.ts";
import { WasiError } from "./wasi-error.ts";

const CREATE = 1;
const TRUNCATE = 8;

/** One operation of a guest or the page on files. One that fails changes nothing. */
export type Step = (guest: TestGuest, mounts: MountedTree[]) => void;

const name = fc.constantFrom("a", "b", "c");
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
const position = fc.constantFrom(0, 7, CHUNK_BYTES - 3, CHUNK_BYTES, 2 * CHUNK_BYTES + 5);
const text = fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom("x", "y", "z") });
const tree: fc.Arbitrary<PlainFiles> = fc.dictionary(
  name,
  fc.oneof(text, fc.dictionary(name, text)),
);

const onPath = (step: (guest: TestGuest, path: string) => unknown) =>
  path.map(
    (path): Step =>
      (guest) =>
        void step(guest, path),
  );
const onPaths = (step: (guest: TestGuest, from: string, to: string) => unknown) =>
  fc.tuple(path, path).map(
    ([from, to]): Step =>
      (guest) =>
        void step(guest, from, to),
  );

/** Operations of a guest, on few names, so that they affect each other. */
export const guestStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ path, text, position }).map(
    ({ path, text, position }): Step =>
      (guest) => {
        const fd = guest.open(path, { flags: CREATE });
        guest.pwrite(fd, text, BigInt(position));
        guest.close(fd);
      },
  ),
  fc.record({ path, sizes: fc.tuple(position, position) }).map(
    ({ path, sizes }): Step =>
      (guest) => {
        const fd = guest.open(path, { flags: CREATE });
        for (const size of sizes) guest.call("fd_filestat_set_size", fd, BigInt(size));
      },
  ),
  onPath((guest, path) => guest.open(path, { flags: CREATE | TRUNCATE })),
  onPath((guest, path) => {
    const nameless = guest.open(path, { flags: CREATE });
    guest.unlink(path);
    guest.write(nameless, "x");
  }),
  fc.record({ path, ns: fc.bigInt(0n, 1n << 62n) }).map(
    ({ path, ns }): Step =>
      (guest) => {
        guest.call("path_filestat_set_times", 3, 0, ...guest.put(path), ns, ns + 1n, 5);
      },
  ),
  onPath((guest, path) => guest.mkdir(path)),
  onPath((guest, path) => guest.rmdir(path)),
  onPath((guest, path) => guest.unlink(path)),
  onPaths((guest, from, to) => guest.rename(from, to)),
  onPaths((guest, from, to) => guest.link(from, to)),
  fc.tuple(fc.constantFrom("a", "b/c", "../a", "./c/../b", "../../c", "missing"), path).map(
    ([target, path]): Step =>
      (guest) =>
        guest.symlink(target, path),
  ),
);

/** Operations of a guest and of the page. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: guestStep },
  {
    weight: 1,
    arbitrary: fc.oneof(
      onPath((guest, path) => guest.files.remove(path, { recursive: true })),
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
    ),
  },
);

/** Returns the files that the operations start from. */
export function startTree(): PlainFiles {
  const large = new Uint8Array(2 * CHUNK_BYTES + 9);
  for (let at = 3; at < large.length; at += CHUNK_BYTES / 2) large[at] = 1;
  return { a: large, b: { a: "ba", c: { a: "bca" } } };
}

/** Runs an operation, which may fail with an error number. */
export function take(step: Step, guest: TestGuest, mounts: MountedTree[]): void {
  guest.clock.timeNs += 1_000_000n;
  try {
    step(guest, mounts);
  } catch (error) {
    const isErrno = error instanceof WasiError || /^Error: E[A-Z0-9]+$/.test(String(error));
    if (!isErrno) throw error;
  }
}

/** Describes everything in a file system that a guest can observe, with a line for each name. */
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

/** Describes a file: its size and its bytes that are not zero. */
export function digest(bytes: Uint8Array): string {
  let digest = `${bytes.length}:`;
  for (let position = 0; position < bytes.length; position++) {
    if (bytes[position] !== 0) digest += `${position}=${bytes[position]},`;
  }
  return digest;
}
