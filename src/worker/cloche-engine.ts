import { FileSystem } from "../wasi/file-system.ts";
import { createPreview1, SUSPENDING_CALLS } from "../wasi/preview1.ts";
import type { CreateEngine } from "./engine.ts";

/** The engine of this library: `src/wasi`. */
export const createClocheEngine: CreateEngine = (options) => {
  const files = new FileSystem(options);
  const { imports, attachMemory, stdout, stderr } = createPreview1({
    ...options,
    fileSystem: files,
  });
  return {
    imports,
    suspending: SUSPENDING_CALLS,
    files,
    get truncated() {
      return { stdout: stdout.truncated, stderr: stderr.truncated };
    },
    attachMemory,
    beginCall: () => {
      stdout.reset();
      stderr.reset();
    },
  };
};
