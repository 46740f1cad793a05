import { SCRIPT_FILE } from "../runtime/file-names.ts";
import { BinaryWriter } from "./binary-writer.ts";
import { renumber } from "./renumber.ts";
import { ReportedError, snapshot } from "./snapshot.ts";
import { exported, KIND, readModule, type WasmModule, writeModule } from "./wasm-module.ts";

export interface LinkInput {
  /** QuickJS with the shim and the runtime: `dist/template.wasm`. */
  readonly template: Uint8Array<ArrayBuffer>;
  /** The plugin's script, as `PluginScript` in src/runtime describes it. */
  readonly script: string;
  /** The names of the functions that the plugin exports, in the order of the script's description. */
  readonly exports: readonly string[];
  /** The names of the host functions that it imports, in that order. */
  readonly imports: readonly string[];
  /** The content of `plugin.schema`. */
  readonly schema: string;
}

/** The script is no program that QuickJS can compile. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
}

/**
 * Links a plugin: lets QuickJS compile the script, and makes a module of its memory. The script does not
 * run before the plugin does.
 *
 * @throws {ScriptError} QuickJS cannot compile the script.
 */
export async function link(input: LinkInput): Promise<Uint8Array<ArrayBuffer>> {
  const module = readModule(input.template);
  try {
    await snapshot(module, input.template, ({ compile }, place) =>
      compile(...place(input.script), place(SCRIPT_FILE)[0]),
    );
  } catch (error) {
    if (!(error instanceof ReportedError)) throw error;
    throw new ScriptError(`QuickJS cannot compile the plugin: ${error.message}`, { cause: error });
  }
  addFunctions(module, input);
  return writeModule(module, new Map([["plugin.schema", new TextEncoder().encode(input.schema)]]));
}

const OP = {
  if: 0x04,
  end: 0x0b,
  return: 0x0f,
  call: 0x10,
  localGet: 0x20,
  i32Const: 0x41,
  i32Eq: 0x46,
};
const NO_RESULT = 0x40;

/** What stays exported of the template. */
const KEPT = new Set(["memory", "__stack_pointer", "__alloc_buffer", "__free_buffer"]);

/** Adds an import for each host function, an export for each function, and what connects them. */
function addFunctions(module: WasmModule, input: LinkInput): void {
  const firstNew = module.imports.length;
  const shift = input.imports.length;
  const func = (index: number): number => (index < firstNew ? index : index + shift);
  const call = func(exported(module, "call"));
  const start = func(exported(module, "start"));
  const host = exported(module, "host") - firstNew;
  const bufferType = module.types.findIndex((type) => type.join() === "96,1,126,1,126");

  module.imports = [
    ...module.imports,
    ...input.imports.map((name) => ({
      module: "env",
      name: `__${name}`,
      kind: KIND.function,
      type: bufferType,
    })),
  ];
  module.bodies = module.bodies.map((body, index) =>
    index === host ? hostBody(shift, firstNew) : shift === 0 ? body : renumber(body, { func }),
  );
  module.elements = module.elements.map((each) => ({
    ...each,
    functions: each.functions.map(func),
  }));
  module.exports = module.exports
    .filter(({ name }) => KEPT.has(name))
    .map((each) => (each.kind === KIND.function ? { ...each, index: func(each.index) } : each));
  module.exports.push({ name: "_initialize", kind: KIND.function, index: start });
  for (const [index, name] of input.exports.entries()) {
    module.exports.push({
      name: `__${name}`,
      kind: KIND.function,
      index: module.imports.length + module.functions.length,
    });
    module.functions.push(bufferType);
    module.bodies.push(exportBody(index, call));
  }
}

/** `call(index, buffer)` */
function exportBody(index: number, call: number): Uint8Array {
  return new BinaryWriter()
    .u32(0)
    .byte(OP.i32Const)
    .i32(index)
    .byte(OP.localGet)
    .u32(0)
    .byte(OP.call)
    .u32(call)
    .byte(OP.end)
    .finish();
}

/** Calls the import at the index that is the first parameter, with the second. */
function hostBody(count: number, firstImport: number): Uint8Array {
  const body = new BinaryWriter().u32(0);
  for (let index = 0; index < count; index += 1) {
    body.byte(OP.localGet).u32(0).byte(OP.i32Const).i32(index).byte(OP.i32Eq);
    body.byte(OP.if).byte(NO_RESULT).byte(OP.localGet).u32(1);
    body
      .byte(OP.call)
      .u32(firstImport + index)
      .byte(OP.return)
      .byte(OP.end);
  }
  // The runtime calls no other index.
  return body.byte(0x00).byte(OP.end).finish();
}
