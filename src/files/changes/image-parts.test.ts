import { expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../limits.ts";
import { TestClock } from "../../wasi/guest.test-kit.ts";
import { CHUNK_BYTES } from "../file-content.ts";
import { visibleIn } from "../file-system.test-kit.ts";
import { FileSystem } from "../file-system.ts";
import type { FileChanges } from "./file-changes.ts";
import { joinPart, splitImage } from "./image-parts.ts";

test("an image is split into parts of a few bytes each and joined again", () => {
  const files = new FileSystem({
    limits: DEFAULT_LIMITS,
    clock: new TestClock(),
    isJournaled: true,
  });
  for (let name = 0; name < 20; name++) files.write(`${name}`, new Uint8Array(name).fill(name));
  const large = new Uint8Array(2 * CHUNK_BYTES + 5);
  large[CHUNK_BYTES] = large[2 * CHUNK_BYTES] = 1;
  files.write("large", large);
  files.symlink("7", "link");
  files.mount("mount/point", { file: new Uint8Array(10).fill(200), empty: "" });
  const whole = files.takeChanges() ?? { volumes: new Map(), mounts: undefined };
  const restored = (image: FileChanges) => {
    const other = new FileSystem({ limits: DEFAULT_LIMITS, clock: new TestClock() });
    other.restore(structuredClone(image));
    return visibleIn(other);
  };
  const before = restored(whole);
  expect(before).toEqual(visibleIn(files));

  const alone = splitImage(whole, Infinity);
  expect(alone.parts).toEqual([]);
  expect(restored(alone.image)).toEqual(before);

  const { image, parts } = splitImage(whole, CHUNK_BYTES);
  expect(restored(whole)).toEqual(before);
  expect(restored(image)).not.toEqual(before);
  expect(parts.length).toBe(3);
  for (const part of parts) {
    const bytes = part.reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(bytes).toBeLessThanOrEqual(CHUNK_BYTES);
  }
  const arrived = structuredClone(image);
  for (const part of structuredClone(parts)) joinPart(arrived, part);
  expect(restored(arrived)).toEqual(before);
});
