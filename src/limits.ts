/**
 * What one plugin may use. Every limit has a default and a reason; `Infinity` lifts one.
 */
export interface Limits {
  /**
   * Bytes of a module's binary, and half of what it may have once checks are put into it. 128 MiB:
   * CPython with its library is 26 MB, Ruby 34 MB.
   */
  readonly moduleBytes: number;
  /**
   * Bytes of all that a module declares: all but its code, its data and its custom sections. 1 MiB:
   * Ruby has 42 KB; a browser makes objects of it, and the page keeps the names of functions.
   */
  readonly declarationBytes: number;
  /** Types of a module. 1,000: Ruby has 118, and a browser never forgets one, and dies of a million. */
  readonly types: number;
  /**
   * Values that an exception of a module brings. 16: compilers use one; exceptions lie outside linear
   * memory, where nothing bounds them but the stack.
   */
  readonly tagValues: number;
  /** Bytes of a guest's linear memory; past it `memory.grow` fails. 1 GiB: a tab is killed at a few. */
  readonly memoryBytes: number;
  /** Memories that a module defines. 1: toolchains make one, and a tab has room for about 125. */
  readonly memories: number;
  /**
   * Those of them that are shared. 0: there is nobody to share with, and a guest that waits on one is
   * beyond every interrupt but the end of its worker.
   */
  readonly sharedMemories: number;
  /** Elements of a module's tables together. 262,144: large programs have 50,000; each takes some 30 bytes. */
  readonly tableElements: number;
  /** Functions of a module, imports included. 262,144: Ruby has 18,000, and each costs the browser memory. */
  readonly functions: number;
  /**
   * Bytes of one function's body. 1 MiB: Ruby's largest has 138 KB, and nothing interrupts a browser
   * while it compiles one.
   */
  readonly functionBytes: number;
  /**
   * Values that a compiler keeps at all blocks of the worst function together: at each block the
   * locals, parameters included, what lies on the stack, and 16 more. 4,000,000: past it a browser's
   * compiler takes gigabytes and the tab dies; real modules peak at 745,725.
   */
  readonly functionComplexity: number;
  /**
   * Types of structs and arrays of a module, and tables of exceptions. 0: such objects lie outside
   * linear memory where nothing bounds them, and a tab dies with a worker that has no memory left. Lift
   * it for guests you trust.
   */
  readonly gcTypes: number;
  /**
   * Milliseconds in which a module has to come, where it is fetched or read from a response. 120 s:
   * CPython's 26 MB need no more than 2 Mbit/s; a server that stalls is not waited for.
   */
  readonly fetchMs: number;
  /**
   * Milliseconds from a module that is at hand to a plugin that takes calls, `_initialize` included.
   * 10 s: a warm start takes 10 ms; what needs longer is stuck.
   */
  readonly loadMs: number;
  /**
   * Milliseconds that one call may run, host functions included; `timeoutMs` of a call overrides it.
   * 30 s: long enough for a build or a prompt, short enough that a lost guest does not stay for ever.
   */
  readonly callMs: number;
  /**
   * Units that one call, or the start, may use up: a unit is an instruction, or eight bytes of a bulk
   * operation. The same run uses the same everywhere. `Infinity`: it costs speed, so it is asked for.
   */
  readonly fuel: number;
  /** Bytes of one call's encoded arguments or result, in either direction. 256 MiB: a large image. */
  readonly messageBytes: number;
  /**
   * Items of one decoded message. An object, a list, a bigint or a text is one, and so are four
   * numbers of a list; an entry of a map or set is two more than its key and value; bytes and typed
   * arrays are eight, however long; 64 bytes of longer texts are one more. What a struct has in it adds
   * up (all weights: `src/codec/weights.ts`). 262,144: however they are spent, they take the page some
   * 100 ms at most; that is 1,048,576 numbers of a list, or 16 MiB of text.
   */
  readonly messageItems: number;
  /** Nesting of a decoded value. 128: deeper than real data, shallow enough for any thread's stack. */
  readonly depth: number;
  /**
   * Host calls within each other, as a guest makes them whose `__alloc_buffer` calls the host while it
   * gets an answer. 16: no sane guest does; each takes a part of the thread's stack.
   */
  readonly hostCallDepth: number;
  /** Calls that wait on one plugin. 65,536: a page that queues more has lost control of its loop. */
  readonly queuedCalls: number;
  /**
   * Requests that a plugin's worker has not answered, such as file operations, and the call that runs.
   * 65,536: one for each file there may be.
   */
  readonly requestsInFlight: number;
  /** Bytes in all files of a plugin together. 256 MiB: a tab is killed at a few GiB. */
  readonly fileBytes: number;
  /** Files, directories and links of a plugin together. 65,536: a large source tree. */
  readonly inodes: number;
  /** Bytes of one file name. 255: what native file systems allow. */
  readonly nameBytes: number;
  /** Bytes of one path. 4,096: Linux's PATH_MAX. */
  readonly pathBytes: number;
  /** Directories within each other. 256: deeper than real trees, and every walk stays cheap. */
  readonly directoryDepth: number;
  /** Symbolic links followed in one path. 40: what Linux allows. */
  readonly linksFollowed: number;
  /** Open file descriptors, preopens included. 1,024: a common soft limit of processes. */
  readonly openFiles: number;
  /** Bytes of stdout and stderr in one call, each. 16 MiB: nobody reads more; the rest is dropped. */
  readonly outputBytes: number;
}

/** The limits a plugin has unless `loadPlugin` is told otherwise. */
export const DEFAULT_LIMITS: Limits = {
  moduleBytes: 128 * 1024 * 1024,
  declarationBytes: 1024 * 1024,
  types: 1000,
  tagValues: 16,
  memoryBytes: 1024 * 1024 * 1024,
  memories: 1,
  sharedMemories: 0,
  tableElements: 262_144,
  functions: 262_144,
  functionBytes: 1024 * 1024,
  functionComplexity: 4_000_000,
  gcTypes: 0,
  fetchMs: 120_000,
  loadMs: 10_000,
  callMs: 30_000,
  fuel: Infinity,
  messageBytes: 256 * 1024 * 1024,
  messageItems: 262_144,
  depth: 128,
  hostCallDepth: 16,
  queuedCalls: 65_536,
  requestsInFlight: 65_536,
  fileBytes: 256 * 1024 * 1024,
  inodes: 65_536,
  nameBytes: 255,
  pathBytes: 4096,
  directoryDepth: 256,
  linksFollowed: 40,
  openFiles: 1024,
  outputBytes: 16 * 1024 * 1024,
};

/**
 * The defaults, with what a caller sets in their place.
 *
 * @throws {TypeError} for a name that is no limit, or a value that is not a number from 0 up.
 */
export function resolveLimits(limits: Partial<Limits> = {}): Limits {
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
      const wanted = Object.keys(DEFAULT_LIMITS).join(", ");
      throw new TypeError(`Cannot set limit "${name}": no such limit, expected one of ${wanted}`);
    }
    if (value !== undefined && (typeof value !== "number" || !(value >= 0))) {
      throw new TypeError(`Cannot set limit "${name}": ${String(value)}, expected a number from 0`);
    }
  }
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  return { ...DEFAULT_LIMITS, ...Object.fromEntries(given) };
}
