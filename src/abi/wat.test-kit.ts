/** Assembles modules for tests from the text format. */

import wabt from "wabt";

const assembler = await wabt();

/** What browsers have and the assembler takes only when it is told. */
const FEATURES = {
  exceptions: true,
  function_references: true,
  gc: true,
  memory64: true,
  multi_memory: true,
  tail_call: true,
  threads: true,
};

/** The binary of a module written as text. @param hasNames Whether it has a name section. */
export function wat(text: string, hasNames = false): Uint8Array<ArrayBuffer> {
  const module = assembler.parseWat("test.wat", text, FEATURES);
  try {
    return new Uint8Array(module.toBinary({ write_debug_names: hasNames }).buffer);
  } finally {
    module.destroy();
  }
}

/** The least that a plugin exports, to be put into a module. */
export const PLUGIN_EXPORTS = `
  (memory (export "memory") 1)
  (func (export "__alloc_buffer") (param i32) (result i32) (i32.const 1024))
  (func (export "__free_buffer") (param i64))`;

/** Bytes written as hexadecimal pairs. */
export function hex(...lines: readonly string[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(lines.join(" ").split(" "), (pair) => Number.parseInt(pair, 16));
}
