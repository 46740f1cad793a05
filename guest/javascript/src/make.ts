import { describe } from "./describe/describe.ts";
import type { Diagnostic } from "./describe/diagnostic.ts";
import type { Sources } from "./describe/module-graph.ts";
import { schemaText } from "./describe/schema-text.ts";
import { type Outcome, scriptOf } from "./script.ts";
import { link, ScriptError } from "./wasm/link.ts";

export interface Compiled {
  /** The plugin, or `undefined` if there are errors. */
  readonly wasm: Uint8Array<ArrayBuffer> | undefined;
  /** The text of its `plugin.schema` section. */
  readonly schema: string;
  readonly diagnostics: readonly Diagnostic[];
  /** The files that it depends on, named as in diagnostics. After an error some can be missing. */
  readonly inputs: readonly string[];
}

/** Describes, bundles and links a plugin. */
export async function make(
  entry: string,
  sources: Sources,
  template: Uint8Array<ArrayBuffer>,
  codeOf: () => Promise<Outcome>,
): Promise<Compiled> {
  const inputs = new Set<string>();
  const read = (file: string): string => {
    inputs.add(file);
    return sources.read(file);
  };
  const { description, diagnostics } = describe(entry, { ...sources, read });
  const schema = schemaText(description);
  const failed = (more: readonly Diagnostic[]): Compiled => ({
    wasm: undefined,
    schema,
    diagnostics: [...diagnostics, ...more],
    inputs: [...inputs],
  });
  if (diagnostics.some(({ severity }) => severity === "error")) return failed([]);
  const code = await codeOf();
  if ("diagnostics" in code) return failed(code.diagnostics);
  const hasResources = description.types.some(({ type }) => type === "resource");
  const names = description.imports.map(({ name }) => name);
  try {
    const wasm = await link({
      template,
      script: scriptOf(code, description),
      exports: description.exports.map(({ name }) => name),
      imports: hasResources ? [...names, "drop_resource"] : names,
      schema,
    });
    return { wasm, schema, diagnostics, inputs: [...new Set([...inputs, ...code.inputs])] };
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return failed([{ severity: "error", message: error.message, file: entry, line: 1, column: 1 }]);
  }
}
