/** The plugin in its worker: what the page asks for, done on one instance and its files. */

import { PluginError } from "../errors.ts";
import { type HostCaller, SuspendingCaller, WaitingCaller } from "../protocol/host-calls.ts";
import type { Notice } from "../protocol/messages.ts";
import type { StartOptions, WorkerApi } from "../protocol/worker-api.ts";
import { type DirectoryEntry, type FileStat, FileSystem } from "../wasi/file-system.ts";
import type { FileTree } from "../wasi/file-tree.ts";
import { createPreview1, type Preview1 } from "../wasi/preview1.ts";
import type { InputSource } from "../wasi/streams.ts";
import { fileFailure, guestFailure } from "./failure.ts";
import { Instance } from "./instance.ts";
import { Output, Outputs } from "./output.ts";
import { browserClock, browserRandom, createSleep } from "./platform.ts";

/** What there is once a plugin is up. */
interface Running {
  readonly pluginName: string;
  readonly instance: Instance;
  readonly fileSystem: FileSystem;
  readonly wasi: Preview1;
  readonly outputs: Outputs;
}

export class PluginWorker implements WorkerApi {
  readonly #notify: (notice: Notice) => void;
  #running: Running | undefined;

  constructor(notify: (notice: Notice) => void) {
    this.#notify = notify;
  }

  async start(options: StartOptions): Promise<boolean> {
    const isLifelineHeld = holdLifeline(options.lifeline);
    const { pluginName, limits } = options;
    const outputs = new Outputs(this.#output(1, options.stdout), this.#output(2, options.stderr));
    const fileSystem = new FileSystem({ limits, clock: browserClock });
    onFiles(pluginName, "put files at", () => {
      for (const [path, tree] of Object.entries(options.preopens)) fileSystem.load(tree, path);
    });
    const sleep = createSleep();
    const wasi = createPreview1({
      fileSystem,
      clock: browserClock,
      random: browserRandom,
      sleep: (durationMs) => {
        outputs.flush();
        sleep(durationMs);
      },
      limits,
      args: options.args,
      env: options.env,
      stdin: readOnce(options.stdin),
      stdout: outputs.stdout,
      stderr: outputs.stderr,
    });
    const instance = await guarded(pluginName, "start the module", outputs, () =>
      Instance.create(options, {
        caller: hostCaller(options, outputs),
        wasiImports: wasi.imports,
        onMemory: (memory) => wasi.attachMemory(memory),
      }),
    );
    this.#running = { pluginName, instance, fileSystem, wasi, outputs };
    return isLifelineHeld;
  }

  call(name: string, args: Uint8Array): Promise<Uint8Array> {
    const { pluginName, instance, wasi, outputs } = this.#plugin();
    wasi.stdout.reset();
    wasi.stderr.reset();
    outputs.beginCall();
    return guarded(pluginName, `finish call "${name}"`, outputs, () => instance.call(name, args));
  }

  readFile(path: string): Uint8Array {
    return this.#onFiles("read", (files) => files.read(path));
  }

  writeFile(path: string, bytes: Uint8Array): void {
    this.#onFiles("write", (files) => files.write(path, bytes));
  }

  appendFile(path: string, bytes: Uint8Array): void {
    this.#onFiles("append to", (files) => files.append(path, bytes));
  }

  list(path: string): DirectoryEntry[] {
    return this.#onFiles("list", (files) => files.list(path));
  }

  stat(path: string): FileStat {
    return this.#onFiles("look at", (files) => files.stat(path));
  }

  exists(path: string): boolean {
    return this.#onFiles("look at", (files) => files.exists(path));
  }

  mkdir(path: string): void {
    this.#onFiles("make directory", (files) => files.mkdir(path, { recursive: true }));
  }

  rename(from: string, to: string): void {
    this.#onFiles("rename", (files) => files.rename(from, to));
  }

  remove(path: string): void {
    this.#onFiles("remove", (files) => files.remove(path, { recursive: true }));
  }

  snapshot(path: string): FileTree {
    return this.#onFiles("copy", (files) => files.snapshot(path));
  }

  #plugin(): Running {
    if (this.#running !== undefined) return this.#running;
    const message = "Cannot serve request: no plugin is up, expected start to have been called";
    throw new PluginError(message, { pluginName: "" });
  }

  #onFiles<T>(doing: string, operation: (files: FileSystem) => T): T {
    const { pluginName, fileSystem } = this.#plugin();
    return onFiles(pluginName, doing, () => operation(fileSystem));
  }

  /** An output that is posted to the page, or only remembered for errors when nobody listens. */
  #output(fd: 1 | 2, isHeard: boolean): Output {
    const send = isHeard
      ? (bytes: Uint8Array<ArrayBuffer>) => this.#notify({ notice: "output", fd, bytes })
      : () => {};
    return new Output(send, () => performance.now());
  }
}

/**
 * Holds a lock until this worker is gone, so that the page learns of it even when nobody tells.
 *
 * @returns Whether it is held. Locks may be forbidden (an insecure or opaque origin); then limits
 *   still end every wait.
 */
function holdLifeline(name: string): Promise<boolean> {
  const { locks } = globalThis.navigator as { locks?: LockManager };
  return new Promise((resolve) => {
    const hold = () => {
      resolve(true);
      return new Promise<never>(() => {});
    };
    if (locks === undefined) resolve(false);
    else locks.request(name, hold).catch(() => resolve(false));
  });
}

/** Runs the guest. Whatever comes out of it is an error of this library, and its output has been sent. */
async function guarded<T>(
  pluginName: string,
  doing: string,
  outputs: Outputs,
  run: () => T | Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    throw guestFailure(thrown, { pluginName, doing, stderr: outputs.stderr.tail });
  } finally {
    outputs.flush();
  }
}

function onFiles<T>(pluginName: string, doing: string, operation: () => T): T {
  try {
    return operation();
  } catch (thrown) {
    throw fileFailure(thrown, pluginName, doing);
  }
}

/** Calls the page for the guest, in the way that the page has chosen. */
function hostCaller(options: StartOptions, outputs: Outputs): HostCaller {
  const { hostPort, sharedAnswers } = options;
  const caller =
    sharedAnswers === undefined
      ? new SuspendingCaller(hostPort)
      : new WaitingCaller(hostPort, sharedAnswers);
  return {
    call(index, args) {
      outputs.flush();
      return caller.call(index, args);
    },
  };
}

/** A standard input that has everything at once. */
function readOnce(contents: string | Uint8Array): InputSource {
  let rest = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
  return {
    read: () => {
      const bytes = rest;
      rest = new Uint8Array();
      return bytes;
    },
  };
}
