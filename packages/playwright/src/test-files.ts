/** A plugin's files, from a test. */

import type { PluginFiles } from "cloche";
import { CallerStack } from "./call-site.ts";
import type { FileMethod } from "./wire/messages.ts";

/** The methods of `plugin.files`, which do the same on the page. */
export type TestFiles = Pick<PluginFiles, FileMethod>;

const METHODS: readonly FileMethod[] = [
  "read",
  "readText",
  "write",
  "append",
  "list",
  "stat",
  "exists",
  "mkdir",
  "rename",
  "remove",
  "snapshot",
  "load",
  "exportZip",
  "importZip",
];

/** @param ask Does the operation on the page. */
export function createTestFiles(
  ask: (method: FileMethod, args: readonly unknown[], stack: CallerStack) => Promise<unknown>,
): TestFiles {
  const files = METHODS.map((method) => {
    const operation = async (...args: readonly unknown[]) => {
      const stack = new CallerStack(operation);
      return ask(method, await Promise.all(args.map(withoutBlob)), stack);
    };
    return [method, operation];
  });
  return Object.freeze(Object.fromEntries(files)) as TestFiles;
}

async function withoutBlob(value: unknown): Promise<unknown> {
  return value instanceof Blob ? new Uint8Array(await value.arrayBuffer()) : value;
}
