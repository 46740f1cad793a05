/** A report on a module for people. */

import { printFunction, printName, printType } from "cloche/schema";
import { table } from "../command-line.ts";
import { printable } from "../terminal/printable.ts";
import type { ModuleReport } from "./module-report.ts";

const ROLES = {
  plugin: "a plugin: loadPlugin loads it",
  command: "a command: runCommand runs it",
  other: "neither a plugin nor a command",
} as const;

export function printReport(report: ModuleReport): string {
  const { schema, imports, sections } = report;
  const wasi = imports.filter(({ module }) => module === "wasi_snapshot_preview1");
  const others = imports.filter((each) => !wasi.includes(each) && !isHostFunction(report, each));
  const memory = report.limits.find(({ limit }) => limit === "memoryBytes")?.value ?? 0;
  const parts = [
    `${report.name}: ${ROLES[report.role]}\n${size(report.bytes)}, ${size(report.gzipBytes)} with gzip, ${size(memory)} of memory at the start`,
    report.role === "plugin" && section("Functions", functionLines(report)),
    section("Host functions", hostFunctionLines(report)),
    section(
      "Types",
      schema?.types.map(({ name, type }) =>
        type.kind === "resource"
          ? `  resource ${printName(name)}`
          : `  ${printName(name)} = ${printType(type)}`,
      ) ?? [],
    ),
    section("WASI", wasi.length === 0 ? [] : [wrap(wasi.map(({ name }) => shown(name)))]),
    section(
      "Other imports",
      others.map(
        ({ module, name, kind, type }) => `  ${shown(module)}.${shown(name)}: ${type ?? kind}`,
      ),
    ),
    section(
      "Sections",
      rows(Object.entries(sections).map(([name, bytes]) => [shown(name), size(bytes)])),
    ),
    section(
      "Limits",
      rows(
        report.limits.map(({ limit, value, allowed }) => {
          const show = limit.endsWith("Bytes")
            ? size
            : (count: number) => count.toLocaleString("en");
          const mark = value > allowed ? "  exceeded" : "";
          return [limit, `${show(value)} of ${show(allowed)}${mark}`];
        }),
      ),
    ),
    report.refusal === undefined
      ? "Cloche loads it."
      : `Cloche refuses it (${report.refusal.error}):\n${indented(report.refusal.message)}`,
  ];
  const text = parts.filter((part) => part !== "" && part !== false).join("\n\n");
  return `${printable(text)}\n`;
}

/** A text of the module on one line. */
function shown(text: string): string {
  return text.replaceAll("\n", " ");
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${title}\n${lines.join("\n")}`;
}

function rows(cells: readonly (readonly [string, string])[]): string[] {
  return cells.length === 0 ? [] : [table(cells)];
}

function functionLines({ functions, schema }: ModuleReport): string[] {
  const described = new Map(schema?.functions.map((each) => [each.name, each]));
  return functions.map((name) => {
    const found = described.get(name);
    if (found === undefined) return `  ${shown(name)}: undescribed, call it with codecs`;
    const docs = found.docs === "" ? "" : `\n      ${shown(found.docs.split("\n")[0] ?? "")}`;
    return `  ${printFunction(found)}${docs}`;
  });
}

function hostFunctionLines({ hostFunctions, schema }: ModuleReport): string[] {
  const described = new Map(schema?.hostFunctions.map((each) => [each.name, each]));
  return hostFunctions.map((name) => {
    const found = described.get(name);
    return `  ${found === undefined ? shown(name) : printFunction(found)}`;
  });
}

function isHostFunction(
  { hostFunctions }: ModuleReport,
  { module, name }: { readonly module: string; readonly name: string },
): boolean {
  return module === "env" && hostFunctions.includes(name.slice(2));
}

/** Names in lines of at most 78 characters. */
function wrap(names: readonly string[]): string {
  const lines = [""];
  for (const name of names) {
    const line = lines.at(-1) ?? "";
    if (line.length + name.length > 74 && line !== "") lines.push(name);
    else lines[lines.length - 1] = line === "" ? name : `${line}, ${name}`;
  }
  return lines.map((line) => `  ${line}`).join(",\n");
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}
