import { BinaryReader } from "./binary-reader.ts";
import { BinaryWriter } from "./binary-writer.ts";

/** What the indices in a function become. */
export interface Renumbering {
  readonly func: (index: number) => number;
  readonly type?: (index: number) => number;
  readonly global?: (index: number) => number;
}

const same = (index: number): number => index;

const OP = {
  block: 0x02,
  if: 0x04,
  brTable: 0x0e,
  call: 0x10,
  callIndirect: 0x11,
  globalGet: 0x23,
  globalSet: 0x24,
  firstMemory: 0x28,
  lastMemory: 0x3e,
  lastInteger: 0x42,
  f32: 0x43,
  f64: 0x44,
  lastPlain: 0xc4,
  prefix: 0xfc,
} as const;

/** How many integers follow an opcode after the prefix: saturating conversions, then bulk operations. */
const PREFIXED = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

/**
 * Changes the indices in a function's body. The instructions are those of Wasm 1.0 and what compilers
 * of C use by default beyond it: sign extension, saturating conversions and bulk memory.
 */
export function renumber(
  body: Uint8Array,
  { func, type = same, global = same }: Renumbering,
): Uint8Array {
  const reader = new BinaryReader(body);
  const writer = new BinaryWriter();
  let copied = 0;
  const replaceIndex = (become: (index: number) => number): void => {
    writer.raw(body.subarray(copied, reader.position)).u32(become(reader.u32()));
    copied = reader.position;
  };
  for (let groups = reader.u32(); groups > 0; groups -= 1) {
    reader.skipLeb();
    reader.byte();
  }
  while (!reader.isAtEnd) {
    const op = reader.byte();
    if (op === OP.call) replaceIndex(func);
    else if (op === OP.callIndirect) {
      replaceIndex(type);
      reader.skipLeb();
    } else if (op === OP.globalGet || op === OP.globalSet) replaceIndex(global);
    else if (op >= OP.block && op <= OP.if) {
      // A type of one byte, or the index of one, which is no number below 0x40.
      if ((reader.bytes[reader.position] as number) < 0x40) replaceIndex(type);
      else reader.byte();
    } else if (op >= OP.firstMemory && op <= OP.lastMemory) {
      reader.skipLeb();
      reader.skipLeb();
    } else if (op === OP.brTable) {
      for (let left = reader.u32(); left >= 0; left -= 1) reader.skipLeb();
    } else if ((op >= 0x0c && op <= 0x0d) || (op >= 0x20 && op <= OP.lastInteger)) reader.skipLeb();
    else if (op === OP.f32) reader.take(4);
    else if (op === OP.f64) reader.take(8);
    else if (op === OP.prefix) {
      const integers = PREFIXED[reader.u32()];
      if (integers === undefined) throw unknown(op);
      for (let left = integers; left > 0; left -= 1) reader.skipLeb();
    } else if (!isPlain(op)) throw unknown(op);
  }
  return writer.raw(body.subarray(copied)).finish();
}

/** Whether nothing follows the opcode. */
function isPlain(op: number): boolean {
  return (
    op <= 0x01 ||
    op === 0x05 ||
    op === 0x0b ||
    op === 0x0f ||
    op === 0x1a ||
    op === 0x1b ||
    (op > OP.f64 && op <= OP.lastPlain)
  );
}

function unknown(op: number): Error {
  return new Error(`Cannot link: unknown instruction 0x${op.toString(16)}`);
}
