/** The engines that are compared in the browser, each fresh, with an empty directory. */

import { PreopenDirectory, WASI as ShimWasi } from "@bjorn3/browser_wasi_shim";
import { WASI as RunnoWasi } from "@runno/wasi";
import { WASI as WasmerWasi } from "@wasmer/wasi";
import { WasmFs } from "@wasmer/wasmfs";
import { createWasmerEngine } from "../src/wasmer/engine/wasmer-engine.ts";
import { createClocheEngine } from "../src/worker/cloche-engine.ts";
import { fileEngineOf } from "./file-system-cloche.ts";
import { type FileCalls, type FileEngine, newGuestMemory } from "./file-system-workloads.ts";

export type EngineName = keyof typeof ENGINES;

export const ENGINES = {
  Cloche: () => fileEngineOf(createClocheEngine),
  "cloche/wasmer": () => fileEngineOf((options) => createWasmerEngine(options)),
  "@wasmer/wasi + @wasmer/wasmfs": wasmerPair,
  "@bjorn3/browser_wasi_shim": browserWasiShim,
  "@runno/wasi": runno,
} satisfies Record<string, () => FileEngine>;

/** The pair by itself, on the least that it needs of Node's `path`: enough for a directory without others. */
function wasmerPair(): FileEngine {
  const directory = "/sandbox";
  const { fs } = new WasmFs();
  fs.mkdirSync(directory);
  const unused = (): never => {
    throw new Error("Cannot go on: a call that no workload makes");
  };
  const wasi = new WasmerWasi({
    preopens: { "/": directory },
    bindings: {
      fs,
      path: {
        resolve: (base: string, path: string) => `${base}/${path}`,
        relative: (base: string, path: string) => (path.startsWith(base) ? "" : ".."),
      },
      hrtime: () => 0n,
      isTTY: () => false,
      exit: unused,
      kill: unused,
      randomFillSync: unused,
    },
  });
  const memory = newGuestMemory();
  wasi.setMemory(memory);
  return { calls: wasi.wasiImport as unknown as FileCalls, memory };
}

function browserWasiShim(): FileEngine {
  const [stdin, stdout, stderr, directory] = Array.from(
    { length: 4 },
    () => new PreopenDirectory("/", new Map()),
  );
  const fds = [stdin, stdout, stderr, directory].filter((fd) => fd !== undefined);
  const wasi = new ShimWasi([], [], fds, { debug: false });
  const memory = newGuestMemory();
  wasi.inst = { exports: { memory } };
  return { calls: wasi.wasiImport as unknown as FileCalls, memory };
}

function runno(): FileEngine {
  const wasi = new RunnoWasi({ fs: {} });
  const memory = newGuestMemory();
  wasi.memory = memory;
  return { calls: wasi.getImports("preview1"), memory };
}
