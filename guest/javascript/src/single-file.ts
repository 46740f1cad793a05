import type { ExportNamedDeclaration, ImportDeclaration, Node } from "@babel/types";
import { blankTypes, type Edit, edited, NotErasable } from "./blank-types.ts";
import { diagnosticAt, readModule, SDK } from "./describe/source-module.ts";
import type { Outcome } from "./script.ts";

/** Makes the code of a plugin that is one module, without a bundler. Lines stay where they are. */
export function singleFile(file: string, code: string): Outcome {
  const module = readModule(file, code, () => {});
  const refused = (message: string, node: Node): Outcome => ({
    diagnostics: [diagnosticAt("error", message, file, node)],
  });
  const edits: Edit[] = [];
  for (const statement of module.program.body) {
    if (statement.type === "ImportDeclaration" && statement.importKind !== "type") {
      if (statement.source.value !== SDK)
        return refused(onlySdk(statement.source.value), statement);
      edits.push({ ...placeOf(statement), text: takenFromSdk(statement, code) });
    } else if (statement.type === "ExportAllDeclaration")
      return refused(onlySdk(statement.source.value), statement);
    else if (statement.type === "ExportNamedDeclaration" && statement.exportKind !== "type") {
      if (statement.source) return refused(onlySdk(statement.source.value), statement);
      edits.push(withoutExport(statement, code));
    } else if (statement.type === "ExportDefaultDeclaration") {
      const { start } = placeOf(statement);
      const hasName = "id" in statement.declaration && statement.declaration.id;
      const end = start + "export".length;
      edits.push({ start, end, text: " ".repeat(end - start) });
      edits.push({
        start: end,
        end: end + " default".length,
        text: hasName ? "        " : " void   ",
      });
    }
  }
  try {
    edits.push(...blankTypes(module.program, code));
  } catch (error) {
    if (error instanceof NotErasable) return refused(error.message, error.node);
    throw error;
  }
  const exports = [...module.exports].filter(([, { local }]) => isValue(local));
  function isValue(local: string): boolean {
    return !module.types.has(local);
  }
  return {
    body: edited(code, edits),
    exports: `{ ${exports.map(([name, { local }]) => `${JSON.stringify(name)}: ${local}`).join(", ")} }`,
    sourceMap: { sources: [file], mappings: "" },
    inputs: [file],
  };
}

function onlySdk(specifier: string): string {
  return `"${specifier}" needs a bundler: pass esbuild, or write one module that imports only "${SDK}"`;
}

function placeOf(node: Node): { start: number; end: number } {
  return { start: node.start ?? 0, end: node.end ?? 0 };
}

function takenFromSdk(statement: ImportDeclaration, code: string): string {
  const names = statement.specifiers.flatMap((each) => {
    if (each.type !== "ImportSpecifier") return [`...${each.local.name}`];
    if (each.importKind === "type") return [];
    const imported = each.imported.type === "Identifier" ? each.imported.name : each.imported.value;
    return [`${imported}: ${each.local.name}`];
  });
  const lines = code.slice(statement.start ?? 0, statement.end ?? 0).split("\n").length;
  return `const { ${names.join(", ")} } = cloche;${"\n".repeat(lines - 1)}`;
}

/** `export` before a declaration, or a whole list of names. */
function withoutExport(statement: ExportNamedDeclaration, code: string): Edit {
  const { start, end } = placeOf(statement);
  const until = statement.declaration?.start ?? end;
  return { start, end: until, text: code.slice(start, until).replace(/[^\s]/g, " ") };
}
