/** Checks a recording from a file, which anybody may have written. */

import { isPlainObject } from "../../brands.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import { invalid, invalidValue, placeOfKey } from "../../wording/invalid-value.ts";
import {
  decodeBytes,
  type RecordedAnswer,
  type RecordedEnd,
  type RecordedOperation,
  type RecordedStep,
  type RecordedTree,
  type Recording,
} from "./recording.ts";

/** A recording whose outer shape was checked. Its options are checked as those of `loadPlugin`. */
export type CheckedRecording = Omit<Recording, "options"> & {
  readonly options: Readonly<Record<string, unknown>>;
  readonly hostFunctions: readonly string[];
};

/** Directories within each other that are read: more than any path has. */
const MAX_LEVELS = 1024;

/** @throws {TypeError} that names the place of the first wrong value */
export function checkRecording(value: unknown): CheckedRecording {
  const place = "recording";
  const recording = objectAt(value, place);
  const { format, version, options, module } = recording;
  if (format !== "cloche-recording") {
    throw invalidValue(`${place}.format`, format, '"cloche-recording"');
  }
  if (version !== 1) throw invalidValue(`${place}.version`, version, "1");
  const checkedOptions = objectAt(options, `${place}.options`);
  const { sha256, bytes } = objectAt(module, `${place}.module`);
  return {
    format,
    version,
    isComplete: recording["isComplete"] === true,
    pluginName: textAt(recording["pluginName"], `${place}.pluginName`),
    module: {
      ...(sha256 === undefined ? {} : { sha256: textAt(sha256, `${place}.module.sha256`) }),
      ...(bytes === undefined ? {} : { bytes: base64At(bytes, `${place}.module.bytes`) }),
    },
    options: checkedOptions,
    hostFunctions: listAt(
      checkedOptions["hostFunctions"],
      `${place}.options.hostFunctions`,
      textAt,
    ),
    answers: listAt(recording["answers"], `${place}.answers`, answerAt),
    steps: listAt(recording["steps"], `${place}.steps`, stepAt),
  };
}

/** Decodes a tree of files. @throws {TypeError} */
export function decodeTree(value: unknown, place: string, level = 0): FileSnapshot {
  if (level > MAX_LEVELS) throw invalid(place, "directories are too deep");
  const tree = Object.create(null) as FileSnapshot;
  for (const [name, content] of Object.entries(objectAt(value, place))) {
    const placeOfName = placeOfKey(place, name);
    tree[name] =
      typeof content === "string"
        ? decodeBytes(base64At(content, placeOfName))
        : decodeTree(content, placeOfName, level + 1);
  }
  return tree;
}

function objectAt(value: unknown, place: string): Record<string, unknown> {
  if (isPlainObject(value)) return value;
  throw invalidValue(place, value, "an object");
}

function textAt(value: unknown, place: string): string {
  if (typeof value === "string") return value;
  throw invalidValue(place, value, "a string");
}

function numberAt(value: unknown, place: string): number {
  if (typeof value === "number" && value >= 0) return value;
  throw invalidValue(place, value, "a number ≥ 0");
}

function base64At(value: unknown, place: string): string {
  const text = textAt(value, place);
  try {
    decodeBytes(text);
    return text;
  } catch {
    throw invalid(place, "is not base64");
  }
}

function listAt<T>(
  value: unknown,
  place: string,
  itemAt: (item: unknown, place: string) => T,
): readonly T[] {
  if (!Array.isArray(value)) throw invalidValue(place, value, "an array");
  return Array.from(value as readonly unknown[], (item, index) =>
    itemAt(item, `${place}[${index}]`),
  );
}

function answerAt(value: unknown, place: string): RecordedAnswer {
  const { functionName, args, answer } = objectAt(value, place);
  return {
    functionName: functionName === null ? null : textAt(functionName, `${place}.functionName`),
    args: base64At(args, `${place}.args`),
    ...(answer === undefined
      ? {}
      : { answer: answer === null ? null : base64At(answer, `${place}.answer`) }),
  };
}

function stepAt(value: unknown, place: string): RecordedStep {
  const step = objectAt(value, place);
  if (step["type"] === "files") return operationAt(step, place);
  if (step["type"] !== "call") {
    throw invalidValue(`${place}.type`, step["type"], 'one of "call", "files"');
  }
  const { functionName, args, timeoutMs, end } = step;
  return {
    type: "call",
    functionName: textAt(functionName, `${place}.functionName`),
    args: base64At(args, `${place}.args`),
    timeoutMs: timeoutMs === null ? null : numberAt(timeoutMs, `${place}.timeoutMs`),
    ...(end === undefined ? {} : { end: endAt(end, `${place}.end`) }),
  };
}

function endAt(value: unknown, place: string): RecordedEnd {
  const { kind, bytes, name, message, afterMs } = objectAt(value, place);
  switch (kind) {
    case "result":
      return { kind, bytes: base64At(bytes, `${place}.bytes`) };
    case "error":
      return {
        kind,
        name: textAt(name, `${place}.name`),
        message: textAt(message, `${place}.message`),
      };
    case "timeout":
      return { kind };
    case "stopped":
      return { kind, afterMs: numberAt(afterMs, `${place}.afterMs`) };
    default:
      throw invalidValue(`${place}.kind`, kind, 'one of "result", "error", "timeout", "stopped"');
  }
}

function operationAt(step: Record<string, unknown>, place: string): RecordedOperation {
  const { operation } = step;
  const text = (name: string) => textAt(step[name], `${place}.${name}`);
  const tree = () => {
    decodeTree(step["tree"], `${place}.tree`);
    return step["tree"] as RecordedTree;
  };
  switch (operation) {
    case "write":
    case "append": {
      const bytes = base64At(step["bytes"], `${place}.bytes`);
      return { type: "files", operation, path: text("path"), bytes };
    }
    case "mkdir":
    case "remove":
      return { type: "files", operation, path: text("path") };
    case "rename":
      return { type: "files", operation, path: text("path"), to: text("to") };
    case "load":
      return { type: "files", operation, path: text("path"), tree: tree() };
    case "mount": {
      const volume = numberAt(step["volume"], `${place}.volume`);
      const readOnly = step["readOnly"] === true;
      return { type: "files", operation, path: text("path"), tree: tree(), volume, readOnly };
    }
    case "unmount":
      return { type: "files", operation, volume: numberAt(step["volume"], `${place}.volume`) };
    default:
      throw invalidValue(`${place}.operation`, operation, "an operation that changes files");
  }
}
