// Splits binaries into sections and joins them again.

export const MAGIC_AND_VERSION_BYTES = 8;

const EXPORT_SECTION = 7;
const START_SECTION = 8;
const MEMORY_SECTION = 5;
const FUNCTION = 0;
const MEMORY = 2;

/** @param {...ArrayLike<number>} parts */
export function joined(...parts) {
  return new Uint8Array(Buffer.concat(parts.map((part) => Uint8Array.from(part))));
}

/** The sections with their headers. In a malformed binary the last one may be anything. */
export function sectionsOf(bytes) {
  const sections = [];
  for (let start = MAGIC_AND_VERSION_BYTES; start < bytes.length; ) {
    const { value: size, end: content } = readU32(bytes, start + 1);
    const end = Math.min(content + size, bytes.length);
    sections.push(bytes.subarray(start, end));
    start = end;
  }
  return sections;
}

/** The module with the first exported function whose name matches `pattern` as its start function. */
export function withStart(bytes, pattern) {
  const sections = sectionsOf(bytes);
  const at = sections.findIndex(([id]) => id === EXPORT_SECTION);
  if (at < 0 || sections.some(([id]) => id === START_SECTION)) return bytes;
  const found = exportsOf(sections[at]).find(
    ({ name, kind }) => kind === FUNCTION && pattern.test(name),
  );
  if (found === undefined) return bytes;
  const content = encodeU32(found.index);
  sections.splice(at + 1, 0, [START_SECTION, content.length, ...content]);
  return joined(bytes.subarray(0, MAGIC_AND_VERSION_BYTES), ...sections);
}

/** The module with its first memory exported, if it defines one and exports none. */
export function withMemoryExport(bytes) {
  const sections = sectionsOf(bytes);
  const at = sections.findIndex(([id]) => id === EXPORT_SECTION);
  const isThere = at >= 0 && sections.some(([id]) => id === MEMORY_SECTION);
  if (!isThere || exportsOf(sections[at]).some(({ kind }) => kind === MEMORY)) return bytes;
  const { value: count, end } = readU32(sections[at], readU32(sections[at], 1).end);
  const name = Buffer.from("memory");
  const content = joined(encodeU32(count + 1), sections[at].subarray(end), [
    name.length,
    ...name,
    MEMORY,
    0,
  ]);
  sections[at] = joined([EXPORT_SECTION, ...encodeU32(content.length)], content);
  return joined(bytes.subarray(0, MAGIC_AND_VERSION_BYTES), ...sections);
}

function exportsOf(section) {
  let { value: left, end: at } = readU32(section, readU32(section, 1).end);
  const exports = [];
  for (; left > 0; left--) {
    const { value: length, end: nameStart } = readU32(section, at);
    const kindAt = nameStart + length;
    const name = Buffer.from(section.subarray(nameStart, kindAt)).toString();
    const { value: index, end } = readU32(section, kindAt + 1);
    exports.push({ name, kind: section[kindAt], index });
    at = end;
  }
  return exports;
}

function readU32(bytes, start) {
  let value = 0;
  for (let at = start; ; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** ((at - start) * 7);
    if (byte < 0x80) return { value, end: at + 1 };
  }
}

function encodeU32(value) {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...encodeU32(value >>> 7)];
}
