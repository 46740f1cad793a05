import { FileSystem } from "../files/file-system.ts";
import { createPreview1, SUSPENDING_CALLS } from "../wasi/preview1.ts";
import type { CreateEngine } from "./engine.ts";

/** The engine of this library: `src/wasi`. */
export const createClocheEngine: CreateEngine = (options) => {
  const files = new FileSystem(options);
  const preview1 = createPreview1({ ...options, fileSystem: files });
  return {
    imports: preview1.imports,
    suspending: SUSPENDING_CALLS,
    files,
    get truncated() {
      return { stdout: preview1.stdout.truncated, stderr: preview1.stderr.truncated };
    },
    attachMemory: (memory) => preview1.attachMemory(memory),
    beginCall: () => {
      preview1.stdout.reset();
      preview1.stderr.reset();
    },
  };
};
