import { renumber } from "./renumber.ts";
import { exported, KIND, valueOf, type WasmModule } from "./wasm-module.ts";

/** The name of a shim's function that takes the place of the import `env.name` starts with this. */
const DEFINES = "define.";

/**
 * Merges a shim into the module of QuickJS: the template of all plugins.
 *
 * @param engine Exports what the shim imports from `"quickjs"`, and imports from `"env"` what the shim
 * exports as `define.name`.
 */
export function merge(engine: WasmModule, shim: WasmModule): WasmModule {
  const functionsOf = ({ imports }: WasmModule) =>
    imports.filter(({ kind }) => kind === KIND.function);
  const [engineImports, shimImports] = [functionsOf(engine), functionsOf(shim)];
  const typeBase = engine.types.length;

  // What remains imported: WASI, of both modules.
  const imports = engineImports.filter(({ module }) => module !== "env");
  for (const each of shimImports) {
    if (each.module === "quickjs" || imports.some(({ name }) => name === each.name)) continue;
    imports.push({ ...each, type: each.type + typeBase });
  }
  const indexOfImport = (wanted: string): number =>
    imports.findIndex(({ name }) => name === wanted);

  const shimBase = imports.length + engine.functions.length;
  const fromShim = (index: number): number => {
    const imported = shimImports[index];
    if (imported === undefined) return shimBase + index - shimImports.length;
    if (imported.module !== "quickjs") return indexOfImport(imported.name);
    return fromEngine(exported(engine, imported.name));
  };
  const fromEngine = (index: number): number => {
    const imported = engineImports[index];
    if (imported === undefined) return imports.length + index - engineImports.length;
    if (imported.module !== "env") return indexOfImport(imported.name);
    return fromShim(exported(shim, `${DEFINES}${imported.name}`));
  };

  const globalBase = engine.globals.length;
  const tableBase = exported(shim, "base");
  return {
    types: [...engine.types, ...shim.types],
    imports,
    functions: [...engine.functions, ...shim.functions.map((type) => type + typeBase)],
    tableSize:
      engine.tableSize + shim.elements.reduce((sum, each) => sum + each.functions.length, 0),
    memoryPages: engine.memoryPages,
    globals: [
      ...engine.globals,
      ...shim.globals.map((global, index) =>
        index === tableBase ? { ...global, value: valueOf(engine.tableSize) } : global,
      ),
    ],
    exports: [
      { name: "memory", kind: KIND.memory, index: 0 },
      {
        name: "__stack_pointer",
        kind: KIND.global,
        index: exported(engine, "__stack_pointer"),
      },
      ...shim.exports
        .filter(({ name }) => !name.startsWith(DEFINES) && name !== "base")
        .map(({ name, kind, index }) => ({
          name,
          kind,
          index: kind === KIND.global ? index + globalBase : fromShim(index),
        })),
      { name: "malloc", kind: KIND.function, index: fromEngine(exported(engine, "malloc")) },
    ],
    elements: [
      ...engine.elements.map(({ offset, functions }) => ({
        offset,
        functions: functions.map(fromEngine),
      })),
      ...shim.elements.map(({ functions }) => ({
        offset: engine.tableSize,
        functions: functions.map(fromShim),
      })),
    ],
    bodies: [
      ...engine.bodies.map((body) => renumber(body, { func: fromEngine })),
      ...shim.bodies.map((body) =>
        renumber(body, {
          func: fromShim,
          type: (index) => index + typeBase,
          global: (index) => index + globalBase,
        }),
      ),
    ],
    data: engine.data,
  };
}
