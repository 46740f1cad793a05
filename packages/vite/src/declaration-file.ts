/**
 * The file with the types of the plugins that a project imports: an ambient module for each.
 *
 * TypeScript looks for types beside `x.wasm?plugin` in a file with "?" in its name, which Windows forbids.
 */

import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { declarePlugin, type PluginSchema } from "cloche/schema";
import type { PluginSource } from "./plugin-source.ts";

const HEADER =
  "// Made by @cloche/vite from the plugins that this project imports. Commit it, do not edit it.\n/* eslint-disable */\n\n";
/** What the part of a plugin begins with. Its path follows, from the root of the project. */
const PART = "// Plugin ";
/** Types for imports that match no plugin's pattern. Of the patterns that match, TypeScript takes the first. */
const REST = `// Others, and several of one name.
declare module "*?plugin" {
  const load: import("@cloche/vite/loader").PluginLoader;
  export const url: string;
  export default load;
}
`;

/** Where the file of a project is; `undefined` for an option of `false`. */
export function declarationPath(
  root: string,
  option: string | false | undefined,
): string | undefined {
  if (option === false) return undefined;
  if (option !== undefined) return resolve(root, option);
  const sources = join(root, "src");
  const isFolder = statSync(sources, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return join(isFolder ? sources : root, "cloche-plugins.d.ts");
}

/** Declares a plugin in a file. Those that are in it stay while their sources exist. */
export function declareInFile(
  file: string,
  root: string,
  source: PluginSource,
  schema: PluginSchema | undefined,
): void {
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const parts = readParts(before);
  for (const path of parts.keys()) if (!existsSync(resolve(root, path))) parts.delete(path);
  const imported = source.kind === "rust" ? dirname(source.file) : source.file;
  parts.set(relative(root, imported).split(sep).join("/"), printBody(source.name, schema));
  const after = printParts(parts);
  if (after === before) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, after);
}

/** The bodies of the modules in a file, by the paths of their plugins. */
function readParts(text: string): Map<string, string> {
  const [all = ""] = text.split(REST);
  const parts = all.split(PART).slice(1);
  return new Map(
    parts.map((part) => {
      const [path = "", , ...body] = part.trimEnd().split("\n");
      return [path, body.slice(0, -1).join("\n")];
    }),
  );
}

function printParts(parts: ReadonlyMap<string, string>): string {
  const paths = [...parts.keys()].sort();
  const printed = paths.map((path) => {
    const pattern = `*/${shortest(path, paths)}?plugin`;
    return `${PART}${path}\ndeclare module ${JSON.stringify(pattern)} {\n${parts.get(path)}\n}\n`;
  });
  return [HEADER, ...printed.map((part) => `${part}\n`), REST].join("");
}

/** The shortest end of a path, in whole names, that no other path has. */
function shortest(path: string, paths: readonly string[]): string {
  const names = path.split("/").filter((name) => name !== "..");
  for (let from = names.length - 1; from > 0; from -= 1) {
    const end = names.slice(from).join("/");
    const isOfOthers = paths.some((other) => other !== path && `/${other}`.endsWith(`/${end}`));
    if (!isOfOthers) return end;
  }
  return names.join("/");
}

function printBody(name: string, schema: PluginSchema | undefined): string {
  const type = typeName(name);
  const types = schema === undefined ? "" : declarePlugin(schema, { name: type });
  const host = schema !== undefined && schema.hostFunctions.length > 0 ? `, ${type}Host` : "";
  const functions = schema === undefined ? "" : `<${type}${host}>`;
  // The first line of the declarations says where they are from.
  const lines = [
    ...types.split("\n").slice(2),
    `const load: import("@cloche/vite/loader").PluginLoader${functions};`,
    "export const url: string;",
    "export default load;",
  ];
  return lines.map((line) => (line === "" ? "" : `  ${line}`)).join("\n");
}

/** The name of a plugin as one of a type: `my-plugin` is `MyPlugin`. */
function typeName(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return /^[A-Za-z]/.test(joined) ? joined : `Plugin${joined}`;
}
