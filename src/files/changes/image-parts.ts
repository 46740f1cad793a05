import type { FileChanges, NodeChange, VolumeChanges } from "./file-changes.ts";

/** A chunk of a file in an image. */
export interface ImageChunk {
  readonly volume: number;
  readonly node: number;
  readonly index: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Splits an image into one with at most `partBytes` of content, and parts with at most `partBytes` of the
 * rest each. They share the bytes with `image`.
 */
export function splitImage(
  { volumes, mounts }: FileChanges,
  partBytes: number,
): { readonly image: FileChanges; readonly parts: ImageChunk[][] } {
  const parts: ImageChunk[][] = [];
  let room = partBytes;
  /** Assigns a chunk to the image or to a part. Returns whether it was a part. */
  const isInPart = (chunk: ImageChunk): boolean => {
    if (chunk.bytes.length > room) {
      parts.push([]);
      room = partBytes;
    }
    room -= chunk.bytes.length;
    parts.at(-1)?.push(chunk);
    return parts.length > 0;
  };
  const split = (volume: number, changes: VolumeChanges): VolumeChanges => {
    const nodes = new Map<number, NodeChange | undefined>();
    for (const [node, change] of changes.nodes) {
      if (change?.kind !== "file") {
        nodes.set(node, change);
        continue;
      }
      const chunks = [...change.chunks].filter(
        ([index, bytes]) => bytes === undefined || !isInPart({ volume, node, index, bytes }),
      );
      nodes.set(node, { ...change, chunks: new Map(chunks) });
    }
    return { ...changes, nodes };
  };
  const image = {
    volumes: new Map(Array.from(volumes, ([id, changes]) => [id, split(id, changes)])),
    mounts,
  };
  return { image, parts };
}

/** Adds the chunks of a part to its image, which owns their bytes from then on. */
export function joinPart(image: FileChanges, part: readonly ImageChunk[]): void {
  for (const { volume, node, index, bytes } of part) {
    const file = image.volumes.get(volume)?.nodes.get(node);
    if (file?.kind === "file")
      (file.chunks as Map<number, Uint8Array<ArrayBuffer>>).set(index, bytes);
  }
}
