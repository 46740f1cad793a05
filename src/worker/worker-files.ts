/** A plugin's files, as the page works on them: each operation by its name. */

import { transfer } from "comlink";
import type { ImageChunk } from "../files/changes/image-parts.ts";
import { joinPart } from "../files/changes/image-parts.ts";
import type { MountedTree } from "../files/file-system.ts";
import { pluginFileError } from "../files/plugin-file-error.ts";
import { WasiError } from "../files/wasi-error.ts";
import { treeTransfer } from "../protocol/bytes-transfer.ts";
import type { FileOperations } from "../protocol/file-operations.ts";
import type { StartFiles } from "../protocol/start-options.ts";
import type { EngineFiles } from "./engine.ts";

type Operation = keyof FileOperations;
type Args<Name extends Operation> = Parameters<FileOperations[Name]>;

/** What operations work on: the engine's files, and its mounts by volume id. */
interface Target {
  readonly files: EngineFiles;
  readonly mounts: Map<number, MountedTree>;
}

/** Each operation: what an error says could not be done, and what does it. */
const OPERATIONS: {
  readonly [Name in Operation]: {
    readonly verb: string;
    readonly run: (target: Target, ...args: Args<Name>) => ReturnType<FileOperations[Name]>;
  };
} = {
  read: { verb: "read", run: ({ files }, path) => files.read(path) },
  write: { verb: "write", run: ({ files }, path, bytes) => files.write(path, bytes) },
  append: { verb: "append to", run: ({ files }, path, bytes) => files.append(path, bytes) },
  list: { verb: "list", run: ({ files }, path) => files.list(path) },
  stat: { verb: "stat", run: ({ files }, path) => files.stat(path) },
  exists: { verb: "stat", run: ({ files }, path) => files.exists(path) },
  mkdir: {
    verb: "create directory",
    run: ({ files }, path) => files.mkdir(path, { recursive: true }),
  },
  rename: { verb: "rename", run: ({ files }, from, to) => files.rename(from, to) },
  remove: { verb: "remove", run: ({ files }, path) => files.remove(path, { recursive: true }) },
  snapshot: {
    verb: "snapshot",
    run: ({ files }, path) => {
      const tree = files.snapshot(path);
      return transfer(tree, treeTransfer(tree));
    },
  },
  load: { verb: "load files into", run: ({ files }, path, tree) => files.load(tree, path) },
  mount: {
    verb: "mount",
    run: ({ files, mounts }, path, tree, options) => {
      mounts.set(options.volume, files.mount(path, tree, options));
    },
  },
  unmount: {
    verb: "unmount",
    run: ({ mounts }, volume) => {
      mounts.get(volume)?.unmount();
      mounts.delete(volume);
    },
  },
};

export class WorkerFiles {
  readonly #pluginName: string;
  readonly #target: Target;

  constructor(pluginName: string, files: EngineFiles) {
    this.#pluginName = pluginName;
    this.#target = { files, mounts: new Map() };
  }

  /** Runs an operation of the page. @throws {PluginFileError} */
  do<Name extends Operation>(name: Name, args: Args<Name>): ReturnType<FileOperations[Name]> {
    const { verb, run } = OPERATIONS[name];
    return this.#named(verb, () => run(this.#target, ...args));
  }

  /**
   * Loads the files that the plugin starts with.
   *
   * @param parts The parts of the image that were sent ahead.
   */
  start({ image, tree }: StartFiles, parts: readonly (readonly ImageChunk[])[]): void {
    const { files, mounts } = this.#target;
    this.#named(OPERATIONS.load.verb, () => {
      if (image === undefined) {
        files.load(tree);
      } else {
        for (const part of parts) joinPart(image, part);
        for (const [volume, mounted] of files.restore(image)) mounts.set(volume, mounted);
      }
    });
  }

  #named<T>(verb: string, run: () => T): T {
    try {
      return run();
    } catch (thrown) {
      throw thrown instanceof WasiError ? pluginFileError(thrown, verb, this.#pluginName) : thrown;
    }
  }
}

/** Creates the methods that the page calls. @param files Throws if the files are not ready. */
export function fileMethods(files: () => WorkerFiles): FileOperations {
  const names = Object.keys(OPERATIONS) as Operation[];
  const methods = names.map((name) => {
    const method = (...args: unknown[]) => files().do(name, args as Args<typeof name>);
    return [name, method];
  });
  return Object.fromEntries(methods) as FileOperations;
}
