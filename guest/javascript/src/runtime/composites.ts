import type { Field, Variant } from "../description.ts";
import type { Codec } from "./codec.ts";
import {
  readBytes,
  readFlag,
  readLength,
  readNumbers,
  room,
  take,
  writeBytes,
  writeLength,
  writeNumbers,
} from "./message.ts";
import { Misfit, within } from "./misfit.ts";
import { view } from "./native.ts";

/** Reads the index of a variant. */
function readVariant(count: number): number {
  const index = view.getUint32(take(4), true);
  if (index < count) return index;
  throw new RangeError(`A message of the host has variant ${index}, but there are ${count}`);
}

/** Writes the items of a sequence, with the index of one that does not fit. */
function writeItems(items: Iterable<unknown>, write: Codec["write"]): void {
  let index = 0;
  try {
    for (const item of items) {
      write(item as never);
      index += 1;
    }
  } catch (error) {
    throw within(error, `[${index}]`);
  }
}

export function vec(item: Codec): Codec {
  return {
    read: () => {
      const items: unknown[] = [];
      for (let left = readLength(); left > 0; left -= 1) items.push(item.read());
      return items;
    },
    write: (value: unknown[]) => {
      if (!Array.isArray(value)) throw new Misfit(value, "array");
      writeLength(value.length);
      writeItems(value, item.write);
    },
  };
}

/** `vec<f64>`, whose items the shim converts: many times faster. */
export const numbers: Codec = {
  read: () => readNumbers(readLength()),
  write: (value: number[]) => {
    if (!Array.isArray(value)) throw new Misfit(value, "array");
    writeLength(value.length);
    const wrong = writeNumbers(value);
    if (wrong >= 0) throw new Misfit(value[wrong], "f64").under(`[${wrong}]`);
  },
};

export function array(item: Codec, length: number): Codec {
  return {
    read: () => Array.from({ length }, () => item.read()),
    write: (value: unknown[]) => {
      if (!Array.isArray(value) || value.length !== length)
        throw new Misfit(value, `array of ${length} items`);
      writeItems(value, item.write);
    },
  };
}

export function fixedBytes(length: number): Codec {
  return {
    read: () => readBytes(length),
    write: (value: Uint8Array) => {
      if (!(value instanceof Uint8Array) || value.length !== length)
        throw new Misfit(value, `Uint8Array of ${length} bytes`);
      writeBytes(value);
    },
  };
}

export function set(item: Codec): Codec {
  return {
    read: () => new Set(Array.from({ length: readLength() }, () => item.read())),
    write: (value: Set<unknown>) => {
      if (!(value instanceof Set)) throw new Misfit(value, "Set");
      writeLength(value.size);
      writeItems(value, item.write);
    },
  };
}

export function map(key: Codec, item: Codec): Codec {
  const entry = tuple([key, item]);
  return {
    read: () =>
      new Map(Array.from({ length: readLength() }, () => entry.read() as [unknown, unknown])),
    write: (value: Map<unknown, unknown>) => {
      if (!(value instanceof Map)) throw new Misfit(value, "Map");
      writeLength(value.size);
      writeItems(value, entry.write);
    },
  };
}

export function tuple(items: readonly Codec[]): Codec {
  return {
    read: () => items.map((item) => item.read()),
    write: (value: unknown[]) => {
      if (!Array.isArray(value) || value.length !== items.length)
        throw new Misfit(value, `array of ${items.length} items`);
      for (const [index, item] of items.entries()) {
        try {
          item.write(value[index] as never);
        } catch (error) {
          throw within(error, `[${index}]`);
        }
      }
    },
  };
}

export function option(item: Codec): Codec {
  return {
    read: () => (readFlag() ? item.read() : null),
    write: (value: unknown) => {
      const isSome = value !== null && value !== undefined;
      view.setUint8(room(1), Number(isSome));
      if (isSome) item.write(value as never);
    },
  };
}

export function struct(fields: readonly Field[], codecs: readonly Codec[]): Codec {
  const names = fields.map(({ name }) => name);
  return {
    read: () => {
      const value: Record<string, unknown> = {};
      for (let index = 0; index < names.length; index += 1)
        value[names[index] as string] = (codecs[index] as Codec).read();
      return value;
    },
    write: (value: Record<string, unknown>) => {
      if (typeof value !== "object" || value === null) throw new Misfit(value, "object");
      for (let index = 0; index < names.length; index += 1) {
        const name = names[index] as string;
        try {
          (codecs[index] as Codec).write(value[name] as never);
        } catch (error) {
          throw within(error, `.${name}`);
        }
      }
    },
  };
}

export function enumeration(variants: readonly Variant[], codecs: readonly Codec[]): Codec {
  const indices = new Map(variants.map(({ name }, index) => [name, index]));
  return {
    read: () => {
      const index = readVariant(variants.length);
      const variant = variants[index] as Variant;
      const value = (codecs[index] as Codec).read();
      return variant.type === undefined ? { type: variant.name } : { type: variant.name, value };
    },
    write: (value: { type: string; value: never }) => {
      const index = indices.get(value?.type);
      if (index === undefined)
        throw new Misfit(value, `{ type: ${[...indices.keys()].join(" | ")} }`);
      view.setUint32(room(4), index, true);
      try {
        (codecs[index] as Codec).write(value.value);
      } catch (error) {
        throw within(error, ".value");
      }
    },
  };
}

export function result(value: Codec, error: Codec): Codec {
  return {
    read: () =>
      readVariant(2) === 0 ? { ok: true, value: value.read() } : { ok: false, error: error.read() },
    write: (given: { ok: boolean; value: never; error: never }) => {
      if (typeof given?.ok !== "boolean") throw new Misfit(given, "Result");
      view.setUint32(room(4), given.ok ? 0 : 1, true);
      try {
        if (given.ok) value.write(given.value);
        else error.write(given.error);
      } catch (misfit) {
        throw within(misfit, given.ok ? ".value" : ".error");
      }
    },
  };
}
