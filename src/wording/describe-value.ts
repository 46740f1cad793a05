const SHOWN_CHARACTERS = 40;
const SHOWN_BIGINT = 2n ** 128n;

/** A JavaScript value in a few words, such as `string "a"` or `Array of 3`. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `string ${JSON.stringify(value.slice(0, SHOWN_CHARACTERS))}${
        value.length > SHOWN_CHARACTERS ? ` and ${value.length - SHOWN_CHARACTERS} more` : ""
      }`;
    case "number":
      return `number ${Object.is(value, -0) ? "-0" : value}`;
    case "bigint":
      // Writing out a very long bigint would itself take seconds.
      return -SHOWN_BIGINT <= value && value <= SHOWN_BIGINT
        ? `bigint ${value}`
        : "bigint of more than 128 bits";
    case "boolean":
      return `boolean ${value}`;
    case "object": {
      if (value === null) return "null";
      return describeObject(value);
    }
    case "undefined":
    case "symbol":
    case "function":
      return typeof value;
  }
}

/** Not by its constructor's name, which may be anything, nor by `instanceof`, which knows one realm. */
function describeObject(value: object): string {
  try {
    const kind = Object.prototype.toString.call(value).slice("[object ".length, -1);
    const isList = Array.isArray(value) || ArrayBuffer.isView(value);
    return isList && "length" in value ? `${kind} of ${String(value.length)}` : kind;
  } catch {
    // A getter of its own has thrown, or a proxy was revoked.
    return "Object";
  }
}
