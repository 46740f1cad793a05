// Mutates binaries, mostly slightly: the result is often still a valid module.
import { randomOf } from "./random.mjs";
import { joined, MAGIC_AND_VERSION_BYTES, sectionsOf } from "./sections.mjs";

/** Each may change the given copy, and returns the result. */
const MUTATIONS = [
  function flipBit(bytes, random) {
    bytes[place(bytes, random)] ^= 1 << random.below(8);
    return bytes;
  },
  function replaceByte(bytes, random) {
    bytes[place(bytes, random)] = random.below(256);
    return bytes;
  },
  function nudgeByte(bytes, random) {
    bytes[place(bytes, random)] += random.pick([-1, 1]);
    return bytes;
  },
  function overwriteInteger(bytes, random) {
    const hugeIntegers = [
      [0xff, 0xff, 0xff, 0xff, 0x0f],
      [0x80, 0x80, 0x80, 0x80, 0x10],
      [0xff, 0xff, 0xff, 0xff, 0x7f],
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    ];
    const at = place(bytes, random);
    bytes.set(random.pick(hugeIntegers).slice(0, bytes.length - at), at);
    return bytes;
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random.below(bytes.length));
  },
  function insert(bytes, random) {
    const at = place(bytes, random);
    return joined(bytes.subarray(0, at), random.bytes(1 + random.below(4)), bytes.subarray(at));
  },
  function remove(bytes, random) {
    const at = place(bytes, random);
    return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(4)));
  },
  function repeatSection(bytes, random) {
    return joined(bytes, random.pick(sectionsOf(bytes)));
  },
  function dropSection(bytes, random) {
    const sections = sectionsOf(bytes);
    sections.splice(random.below(sections.length), 1);
    return joined(bytes.subarray(0, MAGIC_AND_VERSION_BYTES), ...sections);
  },
  function swapSections(bytes, random) {
    const sections = sectionsOf(bytes);
    const [one, other] = [random.below(sections.length), random.below(sections.length)];
    [sections[one], sections[other]] = [sections[other], sections[one]];
    return joined(bytes.subarray(0, MAGIC_AND_VERSION_BYTES), ...sections);
  },
];

/**
 * @param {Uint8Array} original A module.
 * @param {...number} seeds
 * @returns {Uint8Array}
 */
export function mutate(original, ...seeds) {
  const random = randomOf(...seeds);
  let bytes = original.slice();
  const times = 1 + random.below(3);
  for (let time = 0; time < times && bytes.length > MAGIC_AND_VERSION_BYTES; time++) {
    bytes = random.pick(MUTATIONS)(bytes, random);
  }
  return bytes;
}

/** A position after the version: changes before it are rejected too easily. */
function place(bytes, random) {
  return MAGIC_AND_VERSION_BYTES + random.below(bytes.length - MAGIC_AND_VERSION_BYTES);
}
