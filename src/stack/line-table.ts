/**
 * Reads the lines of the source from DWARF's `.debug_line`, versions 2 to 5.
 *
 * A guest may have written it: all of it is read at most three times, and nothing is allocated but for
 * the positions that are asked for.
 *
 * Source: https://dwarfstd.org/doc/DWARF5.pdf, 6.2
 */

import { BinaryReader } from "../abi/binary-reader.ts";
import type { SourceLocation } from "../errors.ts";
import { indexFrom } from "./positions.ts";

/** A row of the table: what the code from its address on is made from. */
interface Row {
  readonly file: number;
  readonly line: number;
  readonly column: number;
}

/** Standard opcodes. */
const STANDARD = {
  copy: 1,
  advancePc: 2,
  advanceLine: 3,
  setFile: 4,
  setColumn: 5,
  addConstant: 8,
  advanceFixed: 9,
} as const;

const EXTENDED = { endSequence: 1, setAddress: 2 } as const;

/** What an entry of a list of files or folders has. */
const CONTENT = { path: 1, folder: 2 } as const;

/**
 * Finds the lines of addresses.
 *
 * @param strings The contents of `.debug_line_str`.
 * @param addresses In the contents of the code section, in ascending order, without duplicates.
 * @throws {TypeError} when the table is malformed.
 */
export function readLineTable(
  table: Uint8Array,
  strings: Uint8Array,
  addresses: readonly number[],
): ReadonlyMap<number, SourceLocation> {
  const found = new Map<number, SourceLocation>();
  const reader = new LineReader(table);
  while (!reader.done && found.size < addresses.length) {
    const unit = reader.unit();
    const rows = unit.find(addresses);
    if (rows.size === 0) continue;
    const names = unit.files(rows, new LineReader(strings));
    for (const [address, { file, line, column }] of rows) {
      const name = names.get(file);
      if (name === undefined || found.has(address)) continue;
      found.set(address, { file: name, line, column: column === 0 ? undefined : column });
    }
  }
  return found;
}

class LineReader extends BinaryReader {
  /** An integer of some bytes, exact up to 2^53. */
  fixed(byteLength: number): number {
    let value = 0;
    for (let index = 0; index < byteLength; index += 1) value += this.byte() * 2 ** (8 * index);
    return value;
  }

  s64(): number {
    let value = 0;
    for (let weight = 1; weight <= 2 ** 63; weight *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * weight;
      if (byte >= 0x80) continue;
      return byte >= 0x40 ? value - weight * 128 : value;
    }
    throw this.malformed("integer longer than 64 bits");
  }

  /** Up to a byte of 0, which is passed. */
  cString(): string {
    const end = this.bytes.indexOf(0, this.position);
    if (end < 0 || end >= this.end) throw this.tooShort();
    const text = this.text(end - this.position);
    this.position += 1;
    return text;
  }

  skipCString(): void {
    while (this.byte() !== 0) {
      // Its bytes are passed.
    }
  }

  /** The next unit of the table, which is passed. */
  unit(): Unit {
    let length = this.fixed(4);
    const is64 = length === 0xffffffff;
    if (is64) length = this.fixed(8);
    const start = this.position;
    this.skip(length);
    return new Unit(new LineReader(this.bytes, start, this.position), is64 ? 8 : 4);
  }
}

/** The table of one compilation. */
class Unit {
  readonly #reader: LineReader;
  readonly #offsetBytes: number;
  readonly #version: number;
  readonly #programStart: number;
  readonly #lineBase: number;
  readonly #lineRange: number;
  readonly #opcodeBase: number;
  readonly #operands: Uint8Array;
  readonly #namesStart: number;

  constructor(reader: LineReader, offsetBytes: number) {
    this.#reader = reader;
    this.#offsetBytes = offsetBytes;
    this.#version = reader.fixed(2);
    if (this.#version < 2 || this.#version > 5) throw reader.unknown("version", this.#version);
    if (this.#version === 5) reader.skip(2);
    const headLength = reader.fixed(offsetBytes);
    this.#programStart = reader.position + headLength;
    // The length of an instruction, a byte in Wasm; of long ones; whether rows are statements.
    reader.skip(this.#version < 4 ? 2 : 3);
    this.#lineBase = (reader.byte() << 24) >> 24;
    this.#lineRange = reader.byte();
    this.#opcodeBase = reader.byte();
    if (this.#lineRange === 0 || this.#opcodeBase === 0) throw reader.unknown("opcode base", 0);
    const operandsStart = reader.position;
    reader.skip(this.#opcodeBase - 1);
    this.#operands = reader.bytes.subarray(operandsStart, reader.position);
    this.#namesStart = reader.position;
  }

  /** Runs the unit's program, and returns the rows of addresses. */
  find(addresses: readonly number[]): Map<number, Row> {
    const found = new Map<number, Row>();
    const reader = this.#reader;
    reader.position = this.#namesStart;
    reader.skip(this.#programStart - reader.position);
    const constant = Math.floor((255 - this.#opcodeBase) / this.#lineRange);
    let [address, file, line, column] = [0, 1, 1, 0];
    /** The last row, which ends where the next begins; from 0 on for none. */
    const last = { address: 0, file, line, column };
    const addRow = (isEnd: boolean) => {
      // Linkers give code that they leave out the address 0.
      let index = last.address > 0 ? indexFrom(addresses, last.address) : addresses.length;
      for (; (addresses[index] ?? Infinity) < address; index += 1) {
        found.set(addresses[index] as number, { ...last });
      }
      last.address = isEnd ? 0 : address;
      last.file = file;
      last.line = line;
      last.column = column;
    };
    while (!reader.done) {
      const opcode = reader.byte();
      if (opcode >= this.#opcodeBase) {
        const step = opcode - this.#opcodeBase;
        address += Math.floor(step / this.#lineRange);
        line += this.#lineBase + (step % this.#lineRange);
        addRow(false);
      } else if (opcode === 0) {
        const length = reader.u64();
        const start = reader.position;
        reader.skip(length);
        const end = reader.position;
        reader.position = start;
        const extended = length === 0 ? 0 : reader.byte();
        if (extended === EXTENDED.setAddress) address = reader.fixed(Math.min(length - 1, 8));
        else if (extended === EXTENDED.endSequence) {
          addRow(true);
          [address, file, line, column] = [0, 1, 1, 0];
        }
        reader.position = end;
      } else if (opcode === STANDARD.copy) addRow(false);
      else if (opcode === STANDARD.advancePc) address += reader.u64();
      else if (opcode === STANDARD.advanceLine) line += reader.s64();
      else if (opcode === STANDARD.setFile) file = reader.u64();
      else if (opcode === STANDARD.setColumn) column = reader.u64();
      else if (opcode === STANDARD.addConstant) address += constant;
      else if (opcode === STANDARD.advanceFixed) address += reader.fixed(2);
      else for (let left = this.#operands[opcode - 1] ?? 0; left > 0; left -= 1) reader.skipLeb();
    }
    return found;
  }

  /** The names of the rows' files, by number. */
  files(rows: ReadonlyMap<number, Row>, strings: LineReader): Map<number, string> {
    const wanted = new Set(Array.from(rows.values(), ({ file }) => file));
    return this.#version === 5 ? this.#describedFiles(wanted, strings) : this.#listedFiles(wanted);
  }

  /** Up to version 4: names, the first folder and the first file with the number 1. */
  #listedFiles(wanted: ReadonlySet<number>): Map<number, string> {
    const reader = this.#reader;
    const files: Entry[] = [];
    reader.position = this.#namesStart;
    while (!this.#isListEnd()) reader.skipCString();
    for (let number = 1; !this.#isListEnd(); number += 1) {
      if (wanted.has(number)) {
        files.push({ number, path: reader.cString(), folder: reader.u64() });
      } else {
        reader.skipCString();
        reader.skipLeb(); // folder
      }
      reader.skipLeb(); // time
      reader.skipLeb(); // size
    }
    const wantedFolders = new Set(files.map(({ folder }) => folder));
    const folders = new Map<number, string>();
    reader.position = this.#namesStart;
    for (let number = 1; !this.#isListEnd(); number += 1) {
      if (wantedFolders.has(number)) folders.set(number, reader.cString());
      else reader.skipCString();
    }
    return pathsOf(files, folders);
  }

  #isListEnd(): boolean {
    const isEnd = this.#reader.byte() === 0;
    if (!isEnd) this.#reader.position -= 1;
    return isEnd;
  }

  /** From version 5 on: entries with a description of their form, from number 0. */
  #describedFiles(wanted: ReadonlySet<number>, strings: LineReader): Map<number, string> {
    const reader = this.#reader;
    reader.position = this.#namesStart;
    this.#entries(new Set(), strings);
    const files = this.#entries(wanted, strings);
    reader.position = this.#namesStart;
    const folders = this.#entries(new Set(files.map(({ folder }) => folder)), strings);
    return pathsOf(files, new Map(folders.map(({ number, path }) => [number, path])));
  }

  #entries(wanted: ReadonlySet<number>, strings: LineReader): Entry[] {
    const reader = this.#reader;
    const formats = Array.from({ length: reader.byte() }, () => [reader.u64(), reader.u64()]);
    const count = reader.u64();
    // Each has a byte at least.
    if (count > 0 && formats.length === 0) throw reader.unknown("format", 0);
    const entries: Entry[] = [];
    for (let number = 0; number < count; number += 1) {
      let [path, folder] = ["", 0];
      for (const [content, form] of formats) {
        const value = this.#value(form, wanted.has(number) ? strings : undefined);
        if (content === CONTENT.path && typeof value === "string") path = value;
        if (content === CONTENT.folder && typeof value === "number") folder = value;
      }
      if (wanted.has(number)) entries.push({ number, path, folder });
    }
    return entries;
  }

  /** @param strings Where texts are; `undefined` if no text is wanted. */
  #value(form: number | undefined, strings: LineReader | undefined): string | number | undefined {
    const reader = this.#reader;
    switch (form) {
      case 0x08: // string
        if (strings !== undefined) return reader.cString();
        reader.skipCString();
        return undefined;
      case 0x1f: {
        // line_strp
        const position = reader.fixed(this.#offsetBytes);
        if (strings === undefined) return undefined;
        strings.position = position;
        return strings.cString();
      }
      case 0x0b: // data1
        return reader.byte();
      case 0x05: // data2
        return reader.fixed(2);
      case 0x0f: // udata
        return reader.u64();
      case 0x1e: // data16, a hash
        reader.skip(16);
        return undefined;
      default:
        throw reader.unknown("form", form ?? 0);
    }
  }
}

interface Entry {
  readonly number: number;
  readonly path: string;
  readonly folder: number;
}

/** Folder 0 is the one that the compiler ran in: paths below it stay relative. */
function pathsOf(
  files: readonly Entry[],
  folders: ReadonlyMap<number, string>,
): Map<number, string> {
  const paths = files.map(({ number, path, folder }) => {
    const isBelow = folder > 0 && !/^([/\\]|[A-Za-z]:)/.test(path);
    return [number, isBelow ? `${folders.get(folder) ?? "?"}/${path}` : path] as const;
  });
  return new Map(paths);
}
