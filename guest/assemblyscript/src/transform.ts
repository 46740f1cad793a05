import {
  type BinaryModule,
  compiler,
  type ImportStatement,
  type Parser,
  type Program,
} from "./compiler.ts";
import { glueCode, importName, targetName } from "./glue.ts";
import { LIBRARY } from "./library-path.ts";
import { librarySources } from "./library-sources.ts";
import { entryFiles, importedFunctions, offeredFunctions } from "./plugin-functions.ts";
import { ProgramEditor } from "./program-editor.ts";
import { schemaText } from "./schema-text.ts";
import { TypeDescriber } from "./type-describer.ts";

/** What the generated code and `assembly/` replace of the standard library. */
const ALIASES = {
  abort: `${LIBRARY}/assembly/abort/abortPlugin`,
  trace: `${LIBRARY}/assembly/host/tracePlugin`,
  seed: `${LIBRARY}/assembly/host/seedPlugin`,
};
const JAVASCRIPT_HOST = "~lib/bindings/dom";
const HOST_NAMES: ReadonlySet<string> = new Set(["console", "crypto", "Date", "performance"]);

const STACK_POINTER = "~lib/memory/__stack_pointer";

/**
 * The transform of `asc` that makes a plugin of a program: the exported functions of the entry files
 * are offered to the page, and functions that are declared are imported from it.
 *
 * The compiler sets `program` before it makes an instance.
 */
export class PluginTransform {
  declare readonly program: Program;
  #Parser: Parser["constructor"] | undefined;
  #schema = "";

  /** Adds the SDK's sources, before the compiler looks at declarations. */
  afterParse(parser: Parser): void {
    this.#Parser = parser.constructor;
    for (const [path, text] of librarySources) parser.parseFile(text, `${LIBRARY}/${path}`, false);
    for (const { statements } of parser.sources.filter(({ isLibrary }) => isLibrary)) {
      for (const statement of statements) redirectHostImport(statement as ImportStatement);
    }
    const { options } = this.program;
    options.exportStart = "_initialize";
    options.globalAliases ??= new Map();
    for (const [alias, name] of Object.entries(ALIASES)) {
      if (!options.globalAliases.has(alias)) options.globalAliases.set(alias, name);
    }
  }

  /** Generates the code between the plugin's functions and messages, now that types are known. */
  afterInitialize(program: Program): void {
    const describer = new TypeDescriber(program);
    const offered = offeredFunctions(program, describer);
    const { imported, unsuitable } = importedFunctions(program, describer);
    // The page calls the functions of the ABI alone.
    for (const file of entryFiles(program)) {
      file.exports = null;
      file.exportsStar = null;
    }
    const exports = offered.map(({ type }) => type);
    const imports = imported.map(({ type }) => type);
    this.#schema = schemaText(exports, imports);

    if (this.#Parser === undefined) throw new Error("The compiler has not parsed the program");
    const editor = new ProgramEditor(program, this.#Parser);
    const glue = editor.addFile(glueCode(exports, imports));
    for (const module of ["buffer", "object", "reader", "writer"]) {
      const file = program.filesByName.get(`${LIBRARY}/assembly/${module}`);
      for (const [name, element] of file?.exports ?? []) editor.addMember(glue, name, element);
    }
    for (const [element, alias] of describer.aliases) editor.addMember(glue, alias, element);
    for (const [index, { prototype }] of offered.entries()) {
      editor.addMember(glue, targetName(index), prototype);
    }
    for (const [index, { prototype, type }] of imported.entries()) {
      const name = importName(index);
      const alias = `__cloche_${name}`;
      const call = `${alias}(${type.parameters.map((each) => each.name).join(", ")})`;
      editor.addMember(prototype.parent, alias, glue.members?.get(name));
      editor.setBody(prototype, type.result === undefined ? `${call};` : `return ${call};`);
    }
    for (const prototype of unsuitable) {
      editor.setBody(prototype, `throw new Error("${prototype.name} cannot be imported");`);
    }
  }

  /** Adds the schema, and what a host needs to unwind the stack. */
  afterCompile(module: BinaryModule): void {
    if (module.getGlobal(STACK_POINTER) !== 0) {
      module.addGlobalExport(STACK_POINTER, "__stack_pointer");
    }
    module.addCustomSection("plugin.schema", new TextEncoder().encode(this.#schema));
  }
}

/** Lets the standard library ask the SDK for what it would ask JavaScript for. */
function redirectHostImport(statement: ImportStatement): void {
  if (statement.kind !== compiler.NodeKind.Import) return;
  if (statement.internalPath !== JAVASCRIPT_HOST) return;
  const names = statement.declarations?.map(({ foreignName }) => foreignName.text) ?? [];
  if (names.every((name) => HOST_NAMES.has(name))) {
    statement.internalPath = `${LIBRARY}/assembly/host`;
  }
}
