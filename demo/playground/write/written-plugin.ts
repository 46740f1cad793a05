/** A plugin that is written on the page: its source, what the compiler says of it, and its last good version. */

import { type ReadonlySignal, signal } from "@preact/signals";
import { errorText } from "../../error-text.ts";
import { openEntry } from "../selection.ts";
import { workspace } from "../workspace/workspace.ts";
import type { CompileRequest, CompileResult } from "./compiler-messages.ts";
import { pageFunctions } from "./page-functions.ts";
import { PluginCompiler } from "./plugin-compiler.ts";
import type { SourceDiagnostic } from "./source-diagnostic.ts";
import { type LanguageId, WRITE_LANGUAGES } from "./write-language.ts";

export type WriteState =
  | { readonly kind: "fetching" | "compiling" }
  | { readonly kind: "running"; readonly compileMs: number }
  /** The source has errors. */
  | { readonly kind: "wrong" }
  /** The compiler died, or the plugin could not be loaded: why, in words. */
  | { readonly kind: "crashed" | "refused"; readonly reason: string };

/** How long the keyboard must be still before a source is compiled. */
const PAUSE_MS = 250;

export class WrittenPlugin {
  readonly language: LanguageId;
  readonly #state = signal<WriteState>({ kind: "fetching" });
  readonly #diagnostics = signal<readonly SourceDiagnostic[]>([]);
  readonly #source = signal<string | undefined>(undefined);
  #timer = 0;

  constructor(language: LanguageId) {
    this.language = language;
  }

  get state(): ReadonlySignal<WriteState> {
    return this.#state;
  }

  get diagnostics(): ReadonlySignal<readonly SourceDiagnostic[]> {
    return this.#diagnostics;
  }

  /** `undefined` until the example has arrived. */
  get source(): ReadonlySignal<string | undefined> {
    return this.#source;
  }

  /** Compiles what was written last, or the example. */
  async open(): Promise<void> {
    const source = this.#source.peek() ?? (await WRITE_LANGUAGES[this.language].example());
    this.#source.value = source;
    this.#compile();
  }

  /** Compiles a source when the keyboard has been still for a moment. */
  edit(source: string): void {
    this.#source.value = source;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#compile(), PAUSE_MS);
  }

  #compile(): void {
    const source = this.#source.peek();
    if (source !== undefined) compiler.compile({ language: this.language, source });
  }

  tell(state: WriteState): void {
    this.#state.value = state;
  }

  async take({ source }: CompileRequest, result: CompileResult): Promise<void> {
    // Places in an older text would be wrong in the newer one, which is compiled soon.
    if (source !== this.#source.peek()) return;
    this.#diagnostics.value = result.diagnostics;
    if (result.wasm === undefined) this.tell({ kind: "wrong" });
    else await this.#run(result.wasm, result.durationMs);
  }

  async #run(wasm: Uint8Array<ArrayBuffer>, compileMs: number): Promise<void> {
    if (openEntry.peek()?.id !== this.language) return;
    const { program } = WRITE_LANGUAGES[this.language];
    const isOpen = workspace.program.peek()?.name === program.name;
    try {
      await workspace.open(
        { ...program, kind: "plugin", source: wasm, hostFunctions: pageFunctions },
        { keepFiles: isOpen },
      );
      this.tell({ kind: "running", compileMs });
    } catch (error) {
      this.tell({ kind: "refused", reason: errorText(error) });
    }
  }
}

export const writtenPlugins: Readonly<Record<LanguageId, WrittenPlugin>> = {
  typescript: new WrittenPlugin("typescript"),
  assemblyscript: new WrittenPlugin("assemblyscript"),
};

const compiler = new PluginCompiler({
  onFetch: ({ language }) => writtenPlugins[language].tell({ kind: "fetching" }),
  onCompile: ({ language }) => writtenPlugins[language].tell({ kind: "compiling" }),
  onResult: (request, result) => void writtenPlugins[request.language].take(request, result),
  onCrash: ({ language }, reason) => writtenPlugins[language].tell({ kind: "crashed", reason }),
});
