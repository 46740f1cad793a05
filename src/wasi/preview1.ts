import type { Clock } from "../files/clock.ts";
import type { FileSystem } from "../files/file-system.ts";
import type { Limits } from "../limits.ts";
import { argumentCalls } from "./calls/arguments.ts";
import { attributeCalls } from "./calls/attributes.ts";
import { clockCalls } from "./calls/clocks.ts";
import { descriptorCalls } from "./calls/descriptors.ts";
import { listingCalls } from "./calls/listing.ts";
import { openCalls } from "./calls/open.ts";
import { pathCalls } from "./calls/paths.ts";
import { pollingCalls, type Sleep } from "./calls/polling.ts";
import { positionCalls } from "./calls/positions.ts";
import { processCalls } from "./calls/process.ts";
import { type RandomSource, randomnessCalls } from "./calls/randomness.ts";
import { socketCalls } from "./calls/sockets.ts";
import { storageCalls } from "./calls/storage.ts";
import { transferCalls } from "./calls/transfer.ts";
import { DirectoryDescriptor, StreamDescriptor } from "./descriptor.ts";
import { DescriptorTable } from "./descriptor-table.ts";
import { GuestMemory } from "./guest-memory.ts";
import { ALL_RIGHTS } from "./rights.ts";
import {
  type InputSource,
  InputStream,
  type OutputSink,
  OutputStream,
  type Terminals,
} from "./streams.ts";
import { environmentStrings, StringList } from "./string-list.ts";
import {
  type CallContext,
  type GuestImport,
  guestImport,
  type SystemCalls,
} from "./system-call.ts";

/** The calls that can return a promise of their error number, which must suspend the guest. */
export const SUSPENDING_CALLS: ReadonlySet<string> = new Set(["fd_read", "poll_oneoff"]);

const ALL_TERMINALS: Terminals = { stdin: true, stdout: true, stderr: true };

/** What a guest is given. It does not get what is left out. */
export interface Preview1Options {
  readonly fileSystem: FileSystem;
  /** Whether the guest gets `/` as descriptor 3. Default: true. */
  readonly hasDirectory?: boolean;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly sleep: Sleep;
  readonly limits: Pick<Limits, "openFiles" | "outputBytes">;
  /** The command-line arguments, starting with the program's name. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: an empty input. */
  readonly stdin?: InputSource | undefined;
  /** Default: output is discarded. */
  readonly stdout?: OutputSink | undefined;
  readonly stderr?: OutputSink | undefined;
  /** Which streams are terminals to the guest. Default: all of them. */
  readonly terminal?: Terminals;
}

/** WASI preview 1 for one instance. */
export interface Preview1 {
  /** The imports for `wasi_snapshot_preview1`. They throw only `WasiExit`. */
  readonly imports: Record<string, GuestImport>;
  /** Connects the instance's memory. Before that, every pointer is out of range. */
  attachMemory(memory: WebAssembly.Memory): void;
  readonly stdout: Pick<OutputStream, "truncated" | "reset">;
  readonly stderr: Pick<OutputStream, "truncated" | "reset">;
  /** Closes all descriptors, which frees files that were deleted while open. */
  close(): void;
}

/**
 * Implements all of WASI preview 1 over an in-memory {@link FileSystem}.
 *
 * Descriptors 0, 1 and 2 are stdin, stdout and stderr; 3 is `/`, unless `hasDirectory` is false.
 *
 * @throws TypeError when an argument or an environment variable is not a valid C string.
 * @throws WasiError EMFILE when `limits.openFiles` is less than the number of these descriptors.
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md
 */
export function createPreview1(options: Preview1Options): Preview1 {
  const { fileSystem, clock, limits, terminal = ALL_TERMINALS } = options;
  const memory = new GuestMemory();
  const descriptors = new DescriptorTable(limits.openFiles);
  const context: CallContext = { memory, descriptors, tree: fileSystem.tree, clock };

  const stdout = new OutputStream(options.stdout, limits.outputBytes);
  const stderr = new OutputStream(options.stderr, limits.outputBytes);
  descriptors.open(new StreamDescriptor(new InputStream(options.stdin), terminal.stdin));
  descriptors.open(new StreamDescriptor(stdout, terminal.stdout));
  descriptors.open(new StreamDescriptor(stderr, terminal.stderr));
  if (options.hasDirectory !== false) {
    const { root } = fileSystem.tree;
    descriptors.open(new DirectoryDescriptor(root, ALL_RIGHTS, ALL_RIGHTS, 0, "/"));
  }

  const args = new StringList(options.args ?? []);
  const env = new StringList(environmentStrings(options.env ?? {}));
  const calls: SystemCalls = {
    ...argumentCalls(memory, args, env),
    ...clockCalls(context),
    ...randomnessCalls(memory, options.random),
    ...processCalls(),
    ...descriptorCalls(context),
    ...attributeCalls(context),
    ...transferCalls(context),
    ...positionCalls(context),
    ...storageCalls(context),
    ...listingCalls(context),
    ...openCalls(context),
    ...pathCalls(context),
    ...pollingCalls(context, options.sleep),
    ...socketCalls((fd) => void descriptors.get(fd)),
  };
  const imports = Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [name, guestImport(memory, name, call)]),
  );
  return {
    imports,
    attachMemory: (instanceMemory) => memory.attach(instanceMemory),
    stdout,
    stderr,
    close: () => descriptors.closeAll(),
  };
}
