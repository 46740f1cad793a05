import type { Diagnostic } from "./describe/diagnostic.ts";
import type { Description } from "./description.ts";
import type { SourceMap } from "./runtime/source-map.ts";

/** JavaScript that declares what the plugin exports. */
export interface Code {
  /** The body of a function. It takes what the package offers from the parameter `cloche`. */
  readonly body: string;
  /** An expression for the object of all exports. */
  readonly exports: string;
  /** Of the body. */
  readonly sourceMap: SourceMap;
  /** The files that the body was made of. */
  readonly inputs: readonly string[];
}

/** The code of a plugin, or why there is none. */
export type Outcome = Code | { readonly diagnostics: readonly Diagnostic[] };

/** Makes the text of a `PluginScript` (src/runtime/plugin-script.ts). */
export function scriptOf({ body, exports, sourceMap }: Code, description: Description): string {
  const { sources, mappings } = sourceMap;
  const rest = {
    description: withoutDocs(description),
    // The body begins in the second line.
    sourceMap: { sources, mappings: mappings === "" ? "" : `;${mappings}` },
  };
  return `({ load(cloche) { "use strict";\n${body}\nreturn ${exports};\n}, ...${JSON.stringify(rest)} })`;
}

/** Only the schema has the documentation. */
function withoutDocs(description: Description): unknown {
  return JSON.parse(
    JSON.stringify(description, (key, value: unknown) =>
      key === "docs" && typeof value === "string" ? undefined : value,
    ),
  );
}
