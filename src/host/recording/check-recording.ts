/** Checks a recording from a file, which anybody may have written. */

import { isPlainObject } from "../../brands.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import { invalid, invalidValue, placeOfKey } from "../../wording/invalid-value.ts";
import {
  type ChangedFiles,
  decodeBytes,
  type RecordedAnswer,
  type RecordedCall,
  type RecordedEnd,
  type RecordedOperation,
  type RecordedRun,
  type RecordedTree,
  type Recording,
} from "./recording.ts";

/** A recording whose outer shape was checked. Its options are checked as those of `loadPlugin`. */
export type CheckedRecording = Omit<Recording, "role" | "options" | "steps"> & {
  readonly options: Readonly<Record<string, unknown>>;
  readonly hostFunctions: readonly string[];
} & (
    | {
        readonly role: "plugin";
        readonly steps: readonly (RecordedCall | RecordedOperation)[];
      }
    | { readonly role: "command"; readonly steps: readonly RecordedRun[] }
  );

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
  const checked = {
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
  } as const;
  const { role, steps } = recording;
  switch (role) {
    case "plugin":
      return { ...checked, role, steps: listAt(steps, `${place}.steps`, stepAt) };
    case "command":
      return { ...checked, role, steps: listAt(steps, `${place}.steps`, runAt) };
    default:
      throw invalidValue(`${place}.role`, role, 'one of "plugin", "command"');
  }
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

/** A time, or `null` for no end. */
function timeAt(value: unknown, place: string): number | null {
  return value === null ? null : numberAt(value, place);
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
  itemAt: (item: unknown, place: string, index: number) => T,
): readonly T[] {
  if (!Array.isArray(value)) throw invalidValue(place, value, "an array");
  return Array.from(value as readonly unknown[], (item, index) =>
    itemAt(item, `${place}[${index}]`, index),
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

/** A command runs once: a second step is wrong. */
function runAt(value: unknown, place: string, index: number): RecordedRun {
  const { type, timeoutMs, end } = objectAt(value, place);
  if (type !== "run") throw invalidValue(`${place}.type`, type, '"run"');
  if (index > 0) throw invalid(place, "a command runs once");
  return {
    type,
    timeoutMs: timeAt(timeoutMs, `${place}.timeoutMs`),
    ...(end === undefined ? {} : { end: endAt(end, `${place}.end`) }),
  };
}

function stepAt(value: unknown, place: string): RecordedCall | RecordedOperation {
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
    timeoutMs: timeAt(timeoutMs, `${place}.timeoutMs`),
    ...(end === undefined ? {} : { end: endAt(end, `${place}.end`) }),
  };
}

function endAt(value: unknown, place: string): RecordedEnd {
  const end = objectAt(value, place);
  const { kind, bytes, name, message, afterMs } = end;
  switch (kind) {
    case "result":
      return { kind, bytes: base64At(bytes, `${place}.bytes`) };
    case "exit":
      return {
        kind,
        exitCode: numberAt(end["exitCode"], `${place}.exitCode`),
        stdout: base64At(end["stdout"], `${place}.stdout`),
        stderr: base64At(end["stderr"], `${place}.stderr`),
        files: changedFilesAt(end["files"], `${place}.files`),
      };
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
      throw invalidValue(
        `${place}.kind`,
        kind,
        'one of "result", "exit", "error", "timeout", "stopped"',
      );
  }
}

function changedFilesAt(value: unknown, place: string): ChangedFiles {
  const files = Object.entries(objectAt(value, place)).map(([path, content]) => [
    path,
    content === null ? null : base64At(content, placeOfKey(place, path)),
  ]);
  return Object.fromEntries(files) as ChangedFiles;
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
