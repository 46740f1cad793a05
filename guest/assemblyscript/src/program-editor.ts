import type {
  Element,
  File,
  FunctionDeclaration,
  FunctionPrototype,
  Parser,
  Program,
  Source,
} from "./compiler.ts";

/** The file of the added code, where the compiler looks for all of it. A user's file cannot have the name. */
const PATH = "~cloche.ts";

/** Adds code to a program whose declarations the compiler has already looked at. */
export class ProgramEditor {
  readonly #program: Program;
  readonly #Parser: Parser["constructor"];

  constructor(program: Program, ParserClass: Parser["constructor"]) {
    this.#program = program;
    this.#Parser = ParserClass;
  }

  /** Adds an entry file of functions. What they name has to be made a member of it. */
  addFile(text: string): File {
    const source = this.#parse(text);
    const [anyFile] = this.#program.filesByName.values();
    if (anyFile === undefined) throw new Error("Cannot add a file to a program without files");
    const file = new anyFile.constructor(this.#program, source);
    this.#program.sources.push(source);
    for (const statement of source.statements) {
      this.#program.initializeFunction(statement as FunctionDeclaration, file);
    }
    return file;
  }

  /** Lets code in `parent` name an element, whether that is exported or not. */
  addMember(parent: Element, name: string, element: Element | undefined): void {
    if (element === undefined) throw new Error(`Cannot generate code: ${name} is missing`);
    parent.members ??= new Map();
    parent.members.set(name, element);
  }

  /** Gives a function another body. The file has to be there. */
  setBody({ declaration }: FunctionPrototype, code: string): void {
    const { statements } = this.#parse(`function body(): void { ${code} }`);
    declaration.body = (statements[0] as FunctionDeclaration).body;
  }

  #parse(text: string): Source {
    const sources: Source[] = [];
    new this.#Parser(this.#program.diagnostics, sources).parseFile(text, PATH, true);
    const [source] = sources;
    if (source === undefined) throw new Error("Cannot parse generated code");
    // Generated code is unsafe, which `--noUnsafe` forbids to code that is not a library's.
    Object.defineProperty(source, "isLibrary", { value: true });
    return source;
  }
}
