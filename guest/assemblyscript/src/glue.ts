import type { FunctionType } from "./schema-text.ts";
import {
  type CompositeType,
  type Field,
  isSimple,
  leastBytes,
  type ValueType,
} from "./value-type.ts";

/** The name of the function in the generated code that an offered or imported function belongs to. */
export const targetName = (index: number): string => `target_${index}`;
export const importName = (index: number): string => `call_${index}`;

/** Generates the AssemblyScript between the plugin's functions and messages. */
export function glueCode(
  exports: readonly FunctionType[],
  imports: readonly FunctionType[],
): string {
  const codecs = new CodecCode();
  const functions = [
    ...exports.map((each, index) => exportCode(each, index, codecs)),
    ...imports.map((each, index) => importCode(each, index, codecs)),
  ];
  return [RUNTIME_EXPORTS, ...functions, ...codecs.functions()].join("\n");
}

const RUNTIME_EXPORTS = `
export function __alloc_buffer(length: u32): u32 { return <u32>allocateBuffer(length); }
export function __free_buffer(buffer: u64): void { freeBuffer(buffer); }
`;

function exportCode(
  { name, parameters, result }: FunctionType,
  index: number,
  codecs: CodecCode,
): string {
  const call = `${targetName(index)}(${parameters.map((_, i) => `p${i}`).join(", ")})`;
  return `
export function __${name}(args: u64): u64 {
  openMessage(args, ${JSON.stringify(`arguments of "${name}"`)});
  ${parameters.map(({ type }, i) => `const p${i} = ${codecs.read(type)};`).join("\n  ")}
  closeMessage();
  ${result === undefined ? `${call};` : `const result = ${call};`}
  beginMessage();
  ${result === undefined ? "" : codecs.write(result, "result")}
  return finishMessage();
}`;
}

function importCode(
  { name, parameters, result }: FunctionType,
  index: number,
  codecs: CodecCode,
): string {
  const list = parameters.map(({ type }, i) => `p${i}: ${type.code}`).join(", ");
  return `
@external("env", ${JSON.stringify(`__${name}`)})
declare function import_${index}(args: u64): u64;
function ${importName(index)}(${list}): ${result?.code ?? "void"} {
  beginMessage();
  ${parameters.map(({ type }, i) => codecs.write(type, `p${i}`)).join("\n  ")}
  openMessage(import_${index}(finishMessage()), ${JSON.stringify(`result of "${name}"`)});
  ${result === undefined ? "" : `const result = ${codecs.read(result)};`}
  closeMessage();
  ${result === undefined ? "" : "return result;"}
}`;
}

/** Generates a pair of functions for each type that needs them. */
class CodecCode {
  readonly #names = new Map<CompositeType, number>();

  /** An expression that reads a value. */
  read(type: ValueType): string {
    if (isNumbers(type)) return `read${type.isStatic ? "Static" : ""}Numbers<${type.item.code}>()`;
    if (!isSimple(type)) return `read_${this.#numberOf(type)}()`;
    switch (type.kind) {
      case "scalar":
        return type.word === "bool" ? "readFlag()" : `read<${type.code}>()`;
      case "string":
        return "readString()";
      case "unit":
        return `new ${type.code}()`;
      case "view":
        if (type.item === undefined) return "readArrayBuffer()";
        return `readView<${type.code}, ${type.item}>()`;
    }
  }

  /** A statement that writes the value of an expression. */
  write(type: ValueType, value: string): string {
    if (isNumbers(type)) {
      return `write${type.isStatic ? "Static" : ""}Numbers<${type.item.code}>(${value});`;
    }
    if (!isSimple(type)) return `write_${this.#numberOf(type)}(${value});`;
    switch (type.kind) {
      case "scalar":
        return `write<${type.code}>(${value});`;
      case "string":
        return `writeString(${value});`;
      case "unit":
        return "";
      case "view":
        if (type.item === undefined) return `writeArrayBuffer(${value});`;
        return `writeView<${type.code}, ${type.item}>(${value});`;
    }
  }

  /** The functions for all types that were read or written, and for their parts. */
  functions(): string[] {
    const codes: string[] = [];
    // The map grows as the code of one type needs others.
    for (const [type, number] of this.#names) {
      codes.push(`function read_${number}(): ${type.code} {\n${this.#readBody(type)}\n}`);
      codes.push(
        `function write_${number}(value: ${type.code}): void {\n${this.#writeBody(type)}\n}`,
      );
    }
    return codes;
  }

  #numberOf(type: CompositeType): number {
    const number = this.#names.get(type) ?? this.#names.size;
    this.#names.set(type, number);
    return number;
  }

  #readBody(type: CompositeType): string {
    switch (type.kind) {
      case "array":
        return `
  const items = new ${type.code}(readLength(${leastBytes(type.item)}));
  for (let i = 0; i < items.length; ++i) {
    const item = ${this.read(type.item)};
    items[i] = item;
  }
  return items;`;
      case "set":
        return `
  const items = new ${type.code}();
  const length = readLength(${leastBytes(type.item)});
  for (let i = 0; i < length; ++i) {
    const item = ${this.read(type.item)};
    items.add(item);
  }
  return items;`;
      case "map":
        return `
  const entries = new ${type.code}();
  const length = readLength(${leastBytes(type.key) + leastBytes(type.value)});
  for (let i = 0; i < length; ++i) {
    const key = ${this.read(type.key)};
    const item = ${this.read(type.value)};
    entries.set(key, item);
  }
  return entries;`;
      case "option":
        return `
  if (!readFlag()) return null;
  return ${this.read(type.value)};`;
      case "char":
        return `${newObject(type)}
  setField<u32>(changetype<usize>(object), readChar(), ${type.value.offset});
  return object;`;
      case "box":
        return `${newObject(type)}
${this.#readField(type.value)}
  return object;`;
      case "result":
        return `${newObject(type)}
  const variant = read<u32>();
  if (variant == 0) {
    setField<bool>(changetype<usize>(object), true, ${type.hasValue.offset});
${this.#readField(type.value)}
  } else if (variant == 1) {
${this.#readField(type.error)}
  } else {
    malformed("variant 0 or 1 of a result expected, got " + variant.toString());
  }
  return object;`;
      case "struct":
        return `${newObject(type)}
${type.fields.map((field) => this.#readField(field)).join("\n")}
  return object;`;
      case "enum":
        return `
  const variant = read<u32>();
  switch (variant) {
${type.variants.map((each, i) => `    case ${i}: return ${this.read(each)};`).join("\n")}
  }
  malformed("a variant of ${type.name} below ${type.variants.length} expected, got " + variant.toString());
  return unreachable();`;
      case "resource":
      case "borrow":
        return `${newObject(type)}
  setField<u64>(changetype<usize>(object), read<u64>(), ${type.offset});
  return object;`;
    }
  }

  #readField({ offset, type }: Field): string {
    return `  setField<${type.code}>(changetype<usize>(object), ${this.read(type)}, ${offset});`;
  }

  #writeBody(type: CompositeType): string {
    switch (type.kind) {
      case "array":
        return `
  writeLength(value.length);
  for (let i = 0; i < value.length; ++i) {
    const item = value[i];
    ${this.write(type.item, "item")}
  }`;
      case "set":
        return `
  const items = value.values();
  writeLength(items.length);
  for (let i = 0; i < items.length; ++i) {
    const item = items[i];
    ${this.write(type.item, "item")}
  }`;
      case "map":
        return `
  const keys = value.keys();
  const items = value.values();
  writeLength(keys.length);
  for (let i = 0; i < keys.length; ++i) {
    const key = keys[i];
    const item = items[i];
    ${this.write(type.key, "key")}
    ${this.write(type.value, "item")}
  }`;
      case "option":
        return `
  write<bool>(value !== null);
  if (value !== null) {
    ${this.write(type.value, "value")}
  }`;
      case "char":
        return `
  writeChar(getField<u32>(changetype<usize>(value), ${type.value.offset}));`;
      case "box":
        return this.#writeField(type.value, "the value of a box");
      case "result":
        return `
  if (getField<bool>(changetype<usize>(value), ${type.hasValue.offset})) {
    write<u32>(0);
${this.#writeField(type.value, "the value of a result")}
  } else {
    write<u32>(1);
${this.#writeField(type.error, "the error of a result")}
  }`;
      case "struct":
        return type.fields
          .map((field) =>
            this.#writeField(field, `the field ${field.name} of ${type.name ?? "a class"}`),
          )
          .join("\n");
      case "enum":
        return `
${type.variants
  .map(
    (each, i) => `  if (isExactly<${each.code}>(changetype<usize>(value))) {
    write<u32>(${i});
    ${this.write(each, `changetype<${each.code}>(value)`)}
    return;
  }`,
  )
  .join("\n")}
  unreachable();`;
      case "resource":
        return `
  write<u64>(requireHandle(getField<u64>(changetype<usize>(value), ${type.offset})));
  setField<u64>(changetype<usize>(value), 0, ${type.offset});`;
      case "borrow":
        return `
  write<u64>(requireHandle(getField<u64>(changetype<usize>(value), ${type.offset})));`;
    }
  }

  #writeField({ offset, type }: Field, name: string): string {
    const isNullable = type.kind === "option" || type.kind === "scalar";
    return `  {
    const field = getField<${type.code}>(changetype<usize>(value), ${offset});
    ${isNullable ? "" : `requireSet(changetype<usize>(field), ${JSON.stringify(name)});`}
    ${this.write(type, "field")}
  }`;
  }
}

function isNumbers(type: ValueType): type is ValueType & { kind: "array" } {
  return type.kind === "array" && type.item.kind === "scalar" && type.item.word !== "bool";
}

/** An object without running its constructor: every field is read. */
function newObject({ code }: ValueType): string {
  return `  const object = createObject<${code}>();`;
}
