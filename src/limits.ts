/**
 * What one plugin may use. Every limit has a default and the reason for it; `Infinity` lifts a limit.
 */
export interface Limits {
  /**
   * Bytes of a module's binary; twice as many once checks are put into it. 128 MiB: CPython with its
   * library is 26 MB, pandoc 58 MB.
   */
  readonly moduleBytes: number;
  /**
   * Bytes that a module declares: all but its code, its data and its custom sections. 8 MiB: pandoc
   * has 2.7 MB; browsers make up to 200 MB of objects of 8 MiB.
   */
  readonly declarationBytes: number;
  /**
   * Types of a module. 10,000: a Haskell program has 1,718; each takes about 1 KB, which V8 never
   * frees, and V8 crashes at a million.
   */
  readonly types: number;
  /** Functions of a module, imports included. 1,000,000: browsers take no more; they need 180 to 290 MB. */
  readonly functions: number;
  /** Imports of a module. 1,000: real modules have less than 100, and Firefox takes 40 KB for each. */
  readonly imports: number;
  /**
   * Exports of a module. 65,536: programs that export all they have stay below 30,000; each takes 2 KB,
   * and the page keeps the names of functions.
   */
  readonly exports: number;
  /** Elements of a module's tables together. 10,000,000: browsers take no more in one; they need 155 MB. */
  readonly tableElements: number;
  /**
   * Bytes of one function's body. 1 MiB: Ruby's largest has 138 KB, and nothing interrupts a browser
   * that compiles one.
   */
  readonly functionBytes: number;
  /**
   * Values that a compiler tracks in a module's worst function: at each block the locals, parameters
   * included, what is on the stack, and 16 more. 4,000,000: beyond it a browser's compiler needs
   * gigabytes and the tab crashes; real modules peak at 745,725.
   */
  readonly functionComplexity: number;
  /**
   * Values that one exception of a module carries. 16: compilers use one; exceptions are kept outside
   * linear memory, where only the stack bounds them.
   */
  readonly tagValues: number;
  /**
   * Struct and array types of a module, and tables of exceptions. 0: such objects are kept outside
   * linear memory, where nothing bounds them, and a worker out of memory takes its tab with it. Lift it
   * for trusted guests.
   */
  readonly gcTypes: number;
  /**
   * Bytes of what a module says of itself. 64 KiB: some 500 functions with documentation. Reading that
   * takes the page 20 ms where it is nothing but short declarations.
   */
  readonly schemaBytes: number;
  /** Bytes of a guest's linear memory; beyond it `memory.grow` fails. 1 GiB: a tab crashes at a few. */
  readonly memoryBytes: number;
  /** Memories that a module defines. 1: toolchains make one, and a tab has room for about 125. */
  readonly memories: number;
  /**
   * Shared memories among them. 0: a guest shares them with nobody, and only the end of its worker
   * interrupts a guest that waits on one.
   */
  readonly sharedMemories: number;
  /**
   * Milliseconds until a module is fetched, or read from a response. 120 s: CPython's 26 MB at
   * 2 Mbit/s.
   */
  readonly fetchMs: number;
  /**
   * Milliseconds from a fetched module to a plugin that takes calls, `_initialize` included. 30 s: a
   * small plugin starts in 10 ms, one of 58 MB in some seconds, on a slow machine in some more.
   */
  readonly loadMs: number;
  /**
   * Milliseconds that one call may run, host functions included; a call's `timeoutMs` overrides it.
   * 30 s: long enough for a build or a prompt, short enough to get rid of a hung guest.
   */
  readonly callMs: number;
  /**
   * Units that one call, or the start, may use: a unit is an instruction, or eight bytes of a bulk
   * operation. The same run uses the same number everywhere. `Infinity`: counting costs speed.
   */
  readonly fuel: number;
  /** Bytes of one call's encoded arguments or result. 256 MiB: a large image. */
  readonly messageBytes: number;
  /**
   * Items of one decoded message. An object, a list, a bigint or a string is one, and so are four
   * numbers of a list; an entry of a map or set is two more than its key and value; bytes and typed
   * arrays are eight, however long; 64 bytes of longer strings are one more. The fields of a struct add
   * up (all weights: `src/codec/weights.ts`). 262,144: decoding takes the page 100 ms at most; that is
   * 1,048,576 numbers of a list, or 16 MiB of text.
   */
  readonly messageItems: number;
  /** Levels of nesting of a value. 128: deeper than real data, shallow enough for any thread's stack. */
  readonly valueDepth: number;
  /**
   * Nested host calls, which a guest makes when its `__alloc_buffer` calls the host while it receives a
   * reply. 16: no sane guest does; each takes a part of the thread's stack.
   */
  readonly hostCallDepth: number;
  /** Objects of the page that a plugin holds. 65,536: each keeps an object of the page in memory. */
  readonly resources: number;
  /** Calls in a plugin's queue. 65,536: a page that queues more has lost control of its loop. */
  readonly queuedCalls: number;
  /**
   * Requests that a plugin's worker has not answered, such as file operations and the running call.
   * 65,536: one for each file there may be.
   */
  readonly requestsInFlight: number;
  /** Bytes of all files of a plugin together. 256 MiB: a tab crashes at a few GiB. */
  readonly fileBytes: number;
  /** Files, directories and links of a plugin together. 65,536: a large source tree. */
  readonly inodes: number;
  /** Bytes of one file name. 255: what native file systems allow. */
  readonly nameBytes: number;
  /** Bytes of one path. 4,096: Linux's PATH_MAX. */
  readonly pathBytes: number;
  /** Levels of nested directories. 256: deeper than real trees, and every walk stays cheap. */
  readonly directoryDepth: number;
  /** Symbolic links followed in one path. 40: what Linux allows. */
  readonly linksFollowed: number;
  /** Open file descriptors, preopens included. 1,024: a common soft limit of processes. */
  readonly openFiles: number;
  /**
   * Characters of a recording, as JSON. 64 MiB: what a bug report can carry. What comes later is left
   * out, and the recording says so.
   */
  readonly recordingBytes: number;
  /** Bytes of stdout and of stderr in one call. 16 MiB: nobody reads more; the rest is dropped. */
  readonly outputBytes: number;
}

/** The limits of a plugin whose options set no others. */
export const DEFAULT_LIMITS: Limits = {
  moduleBytes: 128 * 1024 * 1024,
  declarationBytes: 8 * 1024 * 1024,
  types: 10_000,
  functions: 1_000_000,
  imports: 1000,
  exports: 65_536,
  tableElements: 10_000_000,
  functionBytes: 1024 * 1024,
  functionComplexity: 4_000_000,
  tagValues: 16,
  gcTypes: 0,
  schemaBytes: 64 * 1024,
  memoryBytes: 1024 * 1024 * 1024,
  memories: 1,
  sharedMemories: 0,
  fetchMs: 120_000,
  loadMs: 30_000,
  callMs: 30_000,
  fuel: Infinity,
  messageBytes: 256 * 1024 * 1024,
  messageItems: 262_144,
  valueDepth: 128,
  hostCallDepth: 16,
  resources: 65_536,
  queuedCalls: 65_536,
  requestsInFlight: 65_536,
  fileBytes: 256 * 1024 * 1024,
  inodes: 65_536,
  nameBytes: 255,
  pathBytes: 4096,
  directoryDepth: 256,
  linksFollowed: 40,
  openFiles: 1024,
  recordingBytes: 64 * 1024 * 1024,
  outputBytes: 16 * 1024 * 1024,
};
