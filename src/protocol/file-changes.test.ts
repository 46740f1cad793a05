import { describe, expect, test } from "vitest";
import type { FileChanges } from "../files/changes/file-changes.ts";
import { isFileChanges, withFileChanges } from "./file-changes.ts";

const times = [1n, 2n, 3n];
const chunk = new Uint8Array(8192).fill(7);

function changes(node: unknown, id: unknown = 2): unknown {
  const volume = { isReadOnly: false, nodes: new Map([[id, node]]) };
  return { volumes: new Map([[1, volume]]), mounts: undefined };
}

describe("changes of files in messages", () => {
  test.each([
    ["nothing", { volumes: new Map(), mounts: new Map() }],
    ["a file", changes({ kind: "file", times, size: 9, chunks: new Map([[0, chunk]]) })],
    ["a hole", changes({ kind: "file", times, size: 9, chunks: new Map([[0, undefined]]) })],
    [
      "names",
      changes({
        kind: "directory",
        times,
        entries: new Map([
          ["a", 3],
          ["b", undefined],
        ]),
      }),
    ],
    ["a link", changes({ kind: "link", times, target: "a" })],
    ["a node that is gone", changes(undefined)],
    [
      "a mount",
      { volumes: new Map(), mounts: new Map([[2, { volume: 1, directory: 1, name: "x" }]]) },
    ],
  ])("is taken for %s", (_what, data) => expect(isFileChanges(data)).toBe(true));

  test.each([
    ["nothing at all", undefined],
    ["no map of volumes", { volumes: {}, mounts: undefined }],
    ["no map of nodes", { volumes: new Map([[1, { isReadOnly: false, nodes: [] }]]) }],
    ["a volume that may or may not change", { volumes: new Map([[1, { nodes: new Map() }]]) }],
    ["a node of no kind", changes({ kind: "device", times })],
    ["a node of no number", changes(undefined, "2")],
    ["a negative number", changes(undefined, -1)],
    ["a size that is none", changes({ kind: "file", times, size: 0.5, chunks: new Map() })],
    ["a size beyond numbers", changes({ kind: "file", times, size: Infinity, chunks: new Map() })],
    [
      "a chunk that is no bytes",
      changes({ kind: "file", times, size: 9, chunks: new Map([[0, "x"]]) }),
    ],
    [
      "a chunk with more behind it than it shows",
      changes({ kind: "file", times, size: 9, chunks: new Map([[0, chunk.subarray(0, 9)]]) }),
    ],
    [
      "a chunk of no place",
      changes({ kind: "file", times, size: 9, chunks: new Map([[-1, chunk]]) }),
    ],
    ["a name that is none", changes({ kind: "directory", times, entries: new Map([[1, 2]]) })],
    [
      "a name that leads to no number",
      changes({ kind: "directory", times, entries: new Map([["a", "b"]]) }),
    ],
    ["a name with a slash", changes({ kind: "directory", times, entries: new Map([["a/b", 2]]) })],
    ["a name that leads up", changes({ kind: "directory", times, entries: new Map([["..", 2]]) })],
    ["no name", changes({ kind: "directory", times, entries: new Map([["", 2]]) })],
    ["a link to no text", changes({ kind: "link", times, target: 1 })],
    ["a link to nothing", changes({ kind: "link", times, target: "" })],
    ["an absolute link", changes({ kind: "link", times, target: "/etc" })],
    ["too few times", changes({ kind: "link", times: [1n, 2n], target: "a" })],
    ["times that are holes", changes({ kind: "link", times: Array(3), target: "a" })],
    ["a time that is none", changes({ kind: "link", times: [1n, 2n, 3], target: "a" })],
    ["a time before 1970", changes({ kind: "link", times: [1n, 2n, -1n], target: "a" })],
    ["a time of 65 bits", changes({ kind: "link", times: [1n, 2n, 1n << 64n], target: "a" })],
    ["a mount nowhere", { volumes: new Map(), mounts: new Map([[2, {}]]) }],
    ["a list of mounts", { volumes: new Map(), mounts: [] }],
  ])("is refused when it is %s", (_what, data) => expect(isFileChanges(data)).toBe(false));
});

test("are sent once, with the next message, and transfer large chunks", async () => {
  const { port1, port2 } = new MessageChannel();
  const told = changes({
    kind: "file",
    times,
    size: 9000,
    chunks: new Map([
      [0, chunk.slice()],
      [1, new Uint8Array(3)],
    ]),
  }) as FileChanges;
  const pending = [undefined, told];
  const channel = withFileChanges(
    {
      postMessage: (message, transfer) => port1.postMessage(message, transfer),
      addEventListener: () => {},
    },
    () => pending.shift(),
  );
  const received: unknown[] = [];
  const arrived = new Promise<void>((resolve) => {
    port2.addEventListener("message", ({ data }) => {
      received.push(data);
      if (received.length === 3) resolve();
    });
    port2.start();
  });
  const file = () => {
    const node = told.volumes.get(1)?.nodes.get(2);
    return node?.kind === "file" ? [...node.chunks.values()].map((bytes) => bytes?.length) : [];
  };
  const before = structuredClone(told);
  for (const id of ["1", "2", "3"]) channel.postMessage({ id, type: "RAW" }, []);
  expect(file()).toEqual([0, 3]);
  await arrived;
  port1.close();
  expect(received).toEqual([
    { id: "1", type: "RAW" },
    { id: "2", type: "RAW", changes: before },
    { id: "3", type: "RAW" },
  ]);
});
