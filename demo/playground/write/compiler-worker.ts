/** The worker that compiles. Each compiler is fetched when it is first asked for. */

import type { CompileRequest, CompilerMessage } from "./compiler-messages.ts";
import { placeDiagnostics } from "./source-diagnostic.ts";
import { type LanguageId, WRITE_LANGUAGES } from "./write-language.ts";

/** Compiles the text of one module. */
export type Compile = (source: string) => Promise<{
  readonly wasm?: Uint8Array<ArrayBuffer> | undefined;
  readonly diagnostics: Parameters<typeof placeDiagnostics>[0];
}>;

const LOADERS: Readonly<Record<LanguageId, () => Promise<Compile>>> = {
  typescript: async () => (await import("./compile-typescript.ts")).loadTypescript(),
  assemblyscript: async () => (await import("./compile-assemblyscript.ts")).compileAssemblyscript,
};

const loaded = new Map<LanguageId, Promise<Compile>>();

function tell(message: CompilerMessage, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

async function answer({ language, source }: CompileRequest): Promise<void> {
  const compiler = loaded.get(language) ?? LOADERS[language]();
  loaded.set(language, compiler);
  const compile = await compiler;
  tell({ kind: "loaded" });
  const startMs = performance.now();
  const { wasm, diagnostics } = await compile(source);
  const durationMs = performance.now() - startMs;
  const placed = placeDiagnostics(diagnostics, WRITE_LANGUAGES[language].file, source);
  tell(
    { kind: "compiled", wasm, diagnostics: placed, durationMs },
    wasm === undefined ? [] : [wasm.buffer],
  );
}

addEventListener("message", ({ data }: MessageEvent<CompileRequest>) => {
  answer(data).catch((error: unknown) => tell({ kind: "crashed", message: String(error) }));
});
