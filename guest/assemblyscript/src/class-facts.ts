import { type Class, type ClassPrototype, compiler, type FieldPrototype } from "./compiler.ts";
import { Indescribable, required } from "./indescribable.ts";
import { LIBRARY } from "./library-path.ts";

const RESOURCE = `${LIBRARY}/assembly/resource/Resource`;
const TUPLE = `${LIBRARY}/assembly/values/Tuple`;
/** Library classes that have no fields of their own to hide. */
const OPEN_BASES: ReadonlySet<string> = new Set(["~lib/object/Object", RESOURCE, TUPLE]);

export function isAbstract({ flags }: ClassPrototype): boolean {
  return (flags & compiler.CommonFlags.Abstract) !== 0;
}

export function extendsClass(prototype: ClassPrototype, ancestor: ClassPrototype): boolean {
  const base = prototype.basePrototype;
  return base !== null && (base === ancestor || extendsClass(base, ancestor));
}

export function isResource({ prototype: { basePrototype } }: Class): boolean {
  return basePrototype?.internalName === RESOURCE;
}

export function isTuple({ prototype: { basePrototype } }: Class): boolean {
  return basePrototype?.internalName === TUPLE;
}

/**
 * Checks that the fields of a class are the plugin's own: those of a library mean nothing outside.
 *
 * @throws Indescribable if they are not.
 */
export function checkIsOwn(ofClass: Class): void {
  for (let each: Class | null = ofClass; each !== null; each = each.base) {
    const { internalName, name, declaration } = each.prototype;
    const isOpen = each !== ofClass && OPEN_BASES.has(internalName);
    if (isOpen || !declaration.range.source.isLibrary) continue;
    const what = each === ofClass ? "the class" : `${ofClass.name} extends`;
    throw new Indescribable(
      `${what} ${name}, which is part of a library, cannot cross to the page`,
    );
  }
}

/** The fields of a class in the order of memory, which is that of the source, inherited ones first. */
export function fieldsOf(ofClass: Class): FieldPrototype[] {
  return [...(ofClass.members?.values() ?? [])]
    .filter((member) => member.kind === compiler.ElementKind.PropertyPrototype)
    .map((member) => member as FieldPrototype)
    .filter((member) => member.isField && member.instance !== null)
    .sort((a, b) => required(a.instance).memoryOffset - required(b.instance).memoryOffset);
}
