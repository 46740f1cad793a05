/**
 * The closed set of errors this library throws (besides `TypeError` for a caller's misuse, and an
 * abort signal's own reason).
 *
 * Each class is one case that a caller may want to tell apart.
 */

/** What every {@link PluginError} is made from. */
export interface PluginErrorOptions {
  /** The plugin's name, as given to or derived by `loadPlugin`. */
  readonly pluginName: string;
  readonly cause?: unknown;
}

/** Something that a plugin did, or that was done to it. The base of all errors about one plugin. */
export class PluginError extends Error {
  /** The plugin's name, as given to or derived by `loadPlugin`. */
  readonly pluginName: string;

  static {
    PluginError.prototype.name = "PluginError";
  }

  constructor(message: string, options: PluginErrorOptions) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.pluginName = options.pluginName;
  }
}

/** The plugin could not be brought up: fetching, compiling, or starting its worker failed. */
export class PluginLoadError extends PluginError {
  static {
    PluginLoadError.prototype.name = "PluginLoadError";
  }
}

/** The module and the host do not fit together: an export or import is missing or has another type. */
export class PluginLinkError extends PluginError {
  static {
    PluginLinkError.prototype.name = "PluginLinkError";
  }
}

/** A place in the source that a module was compiled from. */
export interface SourceLocation {
  /** The path that the compiler wrote: relative to the folder that it ran in, or absolute. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1; `undefined` where the compiler wrote none. */
  readonly column: number | undefined;
}

/** One function of the guest that had not returned when it trapped. */
export interface GuestFrame {
  /** The function's number in the module, imported functions first. */
  readonly functionIndex: number;
  /** Its name in the module's name section, as in the source if it is one of Rust's. */
  readonly name: string | undefined;
  /** Where it stood in its source, if the module's debug information says so; inlined code counts as its own. */
  readonly source: SourceLocation | undefined;
}

/** The guest trapped (or broke the ABI while it ran). Its instance is dead. */
export class PluginTrapError extends PluginError {
  /** The guest's functions at the trap, innermost first; may be empty. */
  readonly frames: readonly GuestFrame[];
  /** The same as text, a line for each, such as `at double::parse (src/lib.rs:7:13)` or `at double::parse (function 12)`. */
  readonly guestStack: string;
  /** The end of what the call had written to stderr, a panic's message for one; may be empty. */
  readonly stderr: string;

  static {
    PluginTrapError.prototype.name = "PluginTrapError";
  }

  constructor(
    message: string,
    options: PluginErrorOptions & {
      readonly guestStack: string;
      readonly frames?: readonly GuestFrame[];
      readonly stderr: string;
    },
  ) {
    super(message, options);
    this.frames = options.frames ?? [];
    this.guestStack = options.guestStack;
    this.stderr = options.stderr;
  }
}

/** The guest ended itself with WASI's `proc_exit`. Its instance is dead. */
export class PluginExitError extends PluginError {
  /** What the guest passed to `proc_exit`, 0 to 2^32 - 1. */
  readonly exitCode: number;

  static {
    PluginExitError.prototype.name = "PluginExitError";
  }

  constructor(message: string, options: PluginErrorOptions & { readonly exitCode: number }) {
    super(message, options);
    this.exitCode = options.exitCode;
  }
}

/** One limit, and by how much it was exceeded. */
export interface ExceededLimit {
  /** The field of `Limits`. */
  readonly limit: string;
  /** What was asked for, in the limit's unit. */
  readonly value: number;
  /** What the limit allows, in its unit. */
  readonly allowed: number;
}

/** One or more of the plugin's {@link Limits} were exceeded. */
export class PluginLimitError extends PluginError implements ExceededLimit {
  /** The field of `Limits` that was exceeded; the first of {@link exceeded}. */
  readonly limit: string;
  /** What was asked for, in the limit's unit. */
  readonly value: number;
  /** What the limit allows, in its unit. */
  readonly allowed: number;
  /** All that were found to be exceeded at once, as a module can exceed several. */
  readonly exceeded: readonly ExceededLimit[];

  static {
    PluginLimitError.prototype.name = "PluginLimitError";
  }

  /** @param options `exceeded` has at least one limit. */
  constructor(
    message: string,
    options: PluginErrorOptions & { readonly exceeded: readonly ExceededLimit[] },
  ) {
    super(message, options);
    const [first] = options.exceeded;
    if (first === undefined) throw new TypeError("Invalid exceeded: [] (must name a limit)");
    this.limit = first.limit;
    this.value = first.value;
    this.allowed = first.allowed;
    this.exceeded = options.exceeded;
  }
}

/** A call ran longer than its `timeoutMs`. The plugin is terminated with it. */
export class PluginTimeoutError extends PluginError {
  /** How long the call was allowed to run, in milliseconds. */
  readonly timeoutMs: number;

  static {
    PluginTimeoutError.prototype.name = "PluginTimeoutError";
  }

  constructor(message: string, options: PluginErrorOptions & { readonly timeoutMs: number }) {
    super(message, options);
    this.timeoutMs = options.timeoutMs;
  }
}

/** The plugin was closed, was terminated, or died before this call could be answered. */
export class PluginClosedError extends PluginError {
  static {
    PluginClosedError.prototype.name = "PluginClosedError";
  }
}

/** A host function threw, rejected, or was given or gave a value of the wrong type (see `cause`). */
export class PluginHostFunctionError extends PluginError {
  /** The host function's name, without the ABI's underscores. */
  readonly functionName: string;

  static {
    PluginHostFunctionError.prototype.name = "PluginHostFunctionError";
  }

  constructor(message: string, options: PluginErrorOptions & { readonly functionName: string }) {
    super(message, options);
    this.functionName = options.functionName;
  }
}

/** A file operation from the page was refused by the plugin's file system. */
export class PluginFileError extends PluginError {
  /** The WASI name of the error, such as `"ENOENT"`. */
  readonly code: string;
  /** The path that was asked for. */
  readonly path: string;

  static {
    PluginFileError.prototype.name = "PluginFileError";
  }

  constructor(
    message: string,
    options: PluginErrorOptions & { readonly code: string; readonly path: string },
  ) {
    super(message, options);
    this.code = options.code;
    this.path = options.path;
  }
}

/** A value does not fit its codec, or bytes do not hold what the codec expects. */
export class CodecError extends Error {
  /** Where in the value, such as `$.points[3].x`; `$` is the whole value. */
  readonly path: string;
  /** Where in the bytes, counted from 0. While encoding: how many bytes had been written. */
  readonly byteOffset: number;

  static {
    CodecError.prototype.name = "CodecError";
  }

  constructor(
    message: string,
    options: { readonly path: string; readonly byteOffset: number; readonly cause?: unknown },
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.path = options.path;
    this.byteOffset = options.byteOffset;
  }
}
