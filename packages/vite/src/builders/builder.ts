/** What the builders of all languages take and give. */

export interface BuildOptions {
  /** The project's folder, absolute. */
  readonly root: string;
  /** Whether to optimize, and not to build fast. */
  readonly isProduction: boolean;
}

/** What a compiler says of a source. */
export interface Diagnostic {
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  /** Absolute. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

export interface BuiltPlugin {
  /** The module; `undefined` where diagnostics say why there is none. */
  readonly wasm: Uint8Array | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The files whose changes need another build, absolute. Some may be missing where it failed. */
  readonly inputs: readonly string[];
}

/** Builds what starts at a file. Rejects when its compiler is not installed. */
export type Builder = (file: string, options: BuildOptions) => Promise<BuiltPlugin>;
