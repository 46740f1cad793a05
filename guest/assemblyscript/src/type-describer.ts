import { checkType } from "./check-type.ts";
import {
  checkIsOwn,
  extendsClass,
  fieldsOf,
  isAbstract,
  isResource,
  isTuple,
} from "./class-facts.ts";
import {
  type Class,
  type ClassPrototype,
  compiler,
  type DeclaredElement,
  type Program,
  type Type,
} from "./compiler.ts";
import { docsOf } from "./docs.ts";
import { Indescribable, required } from "./indescribable.ts";
import { LIBRARY } from "./library-path.ts";
import { TYPE_WORDS } from "./schema-text.ts";
import type { EnumType, Field, StructType, ValueType } from "./value-type.ts";

const SCALARS: ReadonlyMap<number, { word: string; byteCount: number }> = new Map(
  Object.entries({
    Bool: ["bool", 1],
    I8: ["i8", 1],
    I16: ["i16", 2],
    I32: ["i32", 4],
    I64: ["i64", 8],
    Isize: ["i32", 4],
    U8: ["u8", 1],
    U16: ["u16", 2],
    U32: ["u32", 4],
    U64: ["u64", 8],
    Usize: ["u32", 4],
    F32: ["f32", 4],
    F64: ["f64", 8],
  } as const).map(([kind, [word, byteCount]]) => [
    compiler.TypeKind[kind] ?? -1,
    { word, byteCount },
  ]),
);

/** The typed arrays by name, with the word of the schema and the type of an item. */
const VIEWS: ReadonlyMap<string, readonly [word: string, item: string]> = new Map(
  Object.entries({
    Uint8Array: ["bytes", "u8"],
    Uint8ClampedArray: ["bytes", "u8"],
    Int8Array: ["i8Array", "i8"],
    Uint16Array: ["u16Array", "u16"],
    Int16Array: ["i16Array", "i16"],
    Uint32Array: ["u32Array", "u32"],
    Int32Array: ["i32Array", "i32"],
    Uint64Array: ["u64Array", "u64"],
    Int64Array: ["i64Array", "i64"],
    Float32Array: ["f32Array", "f32"],
    Float64Array: ["f64Array", "f64"],
  }),
);

/** The words of classes of the SDK whose fields have the bytes of another type. */
const WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({ Duration: "duration", U128: "u128", I128: "i128" }).map(([name, word]) => [
    `${LIBRARY}/assembly/values/${name}`,
    word,
  ]),
);

/** Describes the types of a program. */
export class TypeDescriber {
  readonly #program: Program;
  readonly #types = new Map<string, ValueType>();
  readonly #aliases = new Map<DeclaredElement, string>();

  constructor(program: Program) {
    this.#program = program;
  }

  /** The classes that the code of types names, by their names there. */
  get aliases(): ReadonlyMap<DeclaredElement, string> {
    return this.#aliases;
  }

  /**
   * Describes a type.
   *
   * @throws Indescribable if its values cannot cross to the page.
   */
  describe(type: Type): ValueType {
    const known = new Set(this.#types.keys());
    try {
      const described = this.#describe(type);
      checkType(described);
      return described;
    } catch (error) {
      // What was described on the way may contain what cannot be.
      for (const key of this.#types.keys()) if (!known.has(key)) this.#types.delete(key);
      throw error;
    }
  }

  #describe(type: Type): ValueType {
    const scalar = type.isReference ? undefined : SCALARS.get(type.kind);
    if (scalar !== undefined) return { kind: "scalar", code: type.toString(), ...scalar };
    if (type.signatureReference !== null)
      throw new Indescribable("a function cannot cross to the page");
    const ofClass = type.getClass();
    if (ofClass === null) {
      throw new Indescribable(`the type ${type.toString()} cannot cross to the page`);
    }
    if (!type.isManaged || ofClass.kind !== compiler.ElementKind.Class) {
      const what = type.isManaged ? "an interface" : "unmanaged";
      throw new Indescribable(`${ofClass.name} is ${what}, which cannot cross to the page`);
    }
    const key = ofClass.internalName;
    const value = this.#types.get(key) ?? this.#remember(key, this.#describeClass(ofClass, key));
    if (!type.isNullableReference) return value;
    const code = `${value.code} | null`;
    return this.#types.get(code) ?? this.#remember(code, { kind: "option", code, value });
  }

  #remember<T extends ValueType>(key: string, type: T): T {
    this.#types.set(key, type);
    return type;
  }

  #describeClass(ofClass: Class, key: string): ValueType {
    const { internalName, name } = ofClass.prototype;
    const [first, second] = ofClass.typeArguments ?? [];
    switch (internalName) {
      case "~lib/string/String":
        return { kind: "string", code: "string" };
      case "~lib/arraybuffer/ArrayBuffer":
        return { kind: "view", code: "ArrayBuffer", word: "bytes" };
      case "~lib/array/Array":
      case "~lib/staticarray/StaticArray": {
        const item = this.#describe(required(first));
        const isStatic = name === "StaticArray";
        return { kind: "array", code: `${name}<${item.code}>`, item, isStatic };
      }
      case "~lib/set/Set": {
        const item = this.#describe(required(first));
        return { kind: "set", code: `Set<${item.code}>`, item };
      }
      case "~lib/map/Map": {
        const [mapKey, value] = [this.#describe(required(first)), this.#describe(required(second))];
        return { kind: "map", code: `Map<${mapKey.code}, ${value.code}>`, key: mapKey, value };
      }
      case `${LIBRARY}/assembly/result/Unit`:
        return { kind: "unit", code: this.#codeOf(ofClass) };
      case `${LIBRARY}/assembly/box/Box`:
      case `${LIBRARY}/assembly/values/Char`: {
        const [value] = this.#fieldsOf(ofClass);
        const kind = name === "Box" ? "box" : "char";
        return { kind, code: this.#codeOf(ofClass), value: required(value) };
      }
      case `${LIBRARY}/assembly/result/Result`: {
        const code = this.#codeOf(ofClass);
        const [hasValue, value, error] = this.#fieldsOf(ofClass);
        return {
          kind: "result",
          code,
          hasValue: required(hasValue),
          value: required(value),
          error: required(error),
        };
      }
      case `${LIBRARY}/assembly/resource/Borrow`: {
        const resource = this.#describe(required(first));
        if (resource.kind !== "resource") throw new Indescribable("only a resource can be lent");
        return {
          kind: "borrow",
          code: this.#codeOf(ofClass),
          name: resource.name,
          offset: resource.offset,
        };
      }
    }
    if (internalName.startsWith("~lib/typedarray/")) {
      const [word, item] = required(VIEWS.get(name));
      return { kind: "view", code: name, word, item };
    }
    const word = WORDS.get(internalName);
    if (word !== undefined) {
      const fields = this.#fieldsOf(ofClass);
      return { kind: "struct", code: this.#codeOf(ofClass), word, docs: "", fields };
    }
    checkIsOwn(ofClass);
    if (isResource(ofClass)) return this.#describeResource(ofClass);
    if (isAbstract(ofClass.prototype)) return this.#describeEnum(ofClass, key);
    return this.#describeStruct(ofClass, key);
  }

  #describeResource(ofClass: Class): ValueType {
    const handle = fieldsOf(ofClass).find((field) => field.name === "handle");
    const offset = required(handle?.instance).memoryOffset;
    const code = this.#codeOf(ofClass);
    return { kind: "resource", code, name: this.#freeName(ofClass), offset };
  }

  #describeEnum(ofClass: Class, key: string): ValueType {
    const { prototype } = ofClass;
    if (ofClass.typeArguments !== null) {
      throw new Indescribable(`the class ${prototype.name} is abstract and generic`);
    }
    const described: EnumType = {
      kind: "enum",
      code: this.#codeOf(ofClass),
      name: this.#freeName(ofClass),
      docs: docsOf(prototype.declaration),
      variants: [],
    };
    this.#remember(key, described);
    for (const subclass of this.#subclassesOf(prototype)) {
      described.variants.push(this.#describeVariant(subclass));
    }
    if (described.variants.length === 0) {
      throw new Indescribable(`the abstract class ${prototype.name} has no subclasses`);
    }
    return described;
  }

  #describeStruct(ofClass: Class, key: string): ValueType {
    const hasName = ofClass.typeArguments === null && !isTuple(ofClass);
    const described: StructType = {
      kind: "struct",
      code: this.#codeOf(ofClass),
      ...(hasName ? { name: this.#freeName(ofClass) } : {}),
      isTuple: isTuple(ofClass),
      docs: docsOf(ofClass.prototype.declaration),
      fields: [],
    };
    this.#remember(key, described);
    described.fields.push(...this.#fieldsOf(ofClass));
    return described;
  }

  #describeVariant(prototype: ClassPrototype): StructType {
    const isGeneric = (prototype.flags & compiler.CommonFlags.Generic) !== 0;
    const ofClass = isGeneric ? null : this.#program.resolver.resolveClass(prototype, null);
    if (ofClass === null) {
      throw new Indescribable(`its subclass ${prototype.name} is generic or has an error`);
    }
    checkIsOwn(ofClass);
    return {
      kind: "struct",
      code: this.#codeOf(ofClass),
      name: prototype.name,
      docs: docsOf(prototype.declaration),
      fields: this.#fieldsOf(ofClass),
    };
  }

  /** The classes that can be instantiated of those below an abstract one, in the order of the source. */
  #subclassesOf(ancestor: ClassPrototype): ClassPrototype[] {
    return [...this.#program.elementsByDeclaration.values()]
      .filter((element) => element.kind === compiler.ElementKind.ClassPrototype)
      .map((element) => element as ClassPrototype)
      .filter((prototype) => !isAbstract(prototype) && extendsClass(prototype, ancestor));
  }

  #fieldsOf(ofClass: Class): Field[] {
    return fieldsOf(ofClass).map(({ name, fieldDeclaration, instance }) => ({
      name,
      docs: docsOf(required(fieldDeclaration)),
      offset: required(instance).memoryOffset,
      type: this.#describe(required(instance).type),
    }));
  }

  #codeOf({ prototype, typeArguments }: Class): string {
    const alias = this.#aliases.get(prototype) ?? `${prototype.name}$${this.#aliases.size}`;
    this.#aliases.set(prototype, alias);
    if (typeArguments === null) return alias;
    return `${alias}<${typeArguments.map((each) => this.#describe(each).code).join(", ")}>`;
  }

  /** The name of a class in the schema. Classes of the same name get numbers. */
  #freeName({ prototype }: Class): string {
    const taken = new Set(
      [...this.#types.values()].map((type) => ("name" in type ? type.name : undefined)),
    );
    let name = prototype.name;
    for (let number = 2; taken.has(name) || TYPE_WORDS.has(name); ++number) {
      name = `${prototype.name}${number}`;
    }
    return name;
  }
}
