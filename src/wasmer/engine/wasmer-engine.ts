import { WASI } from "@wasmer/wasi";
import { WasmFs } from "@wasmer/wasmfs";
import { Errno } from "../../files/errno.ts";
import { WasiError } from "../../files/wasi-error.ts";
import { argumentCalls } from "../../wasi/calls/arguments.ts";
import { clockCalls } from "../../wasi/calls/clocks.ts";
import { pollingCalls } from "../../wasi/calls/polling.ts";
import { processCalls } from "../../wasi/calls/process.ts";
import { randomnessCalls } from "../../wasi/calls/randomness.ts";
import { socketCalls } from "../../wasi/calls/sockets.ts";
import { type Descriptor, StreamDescriptor } from "../../wasi/descriptor.ts";
import { DescriptorTable } from "../../wasi/descriptor-table.ts";
import { GuestMemory } from "../../wasi/guest-memory.ts";
import { InputStream, OutputStream } from "../../wasi/streams.ts";
import { environmentStrings, StringList } from "../../wasi/string-list.ts";
import { guestImport, type SystemCalls } from "../../wasi/system-call.ts";
import type { EngineOptions, WasiEngine } from "../../worker/engine.ts";
import { createBindings, type Lookup } from "./bindings.ts";
import { entryOf, type PairContext, pairCalls } from "./pair-calls.ts";
import { VolumeFiles } from "./volume-files.ts";
import { WasmVolume } from "./wasm-volume.ts";

/**
 * Creates the engine made of `@wasmer/wasi` and `@wasmer/wasmfs`, here called the pair.
 *
 * The pair provides files and descriptors. Clocks, sleep, randomness, arguments and streams are Cloche's
 * own: the pair always uses the browser's clocks, and its sleep is a busy loop that may never end.
 *
 * @param wasmFs A new one for each plugin.
 */
export function createWasmerEngine(
  options: EngineOptions,
  wasmFs: WasmFs = new WasmFs(),
): WasiEngine {
  const { clock, limits } = options;
  const volume = new WasmVolume(wasmFs, limits, options);
  const lookup: Lookup = { lastLink: "follow" };
  const wasi = new WASI({
    bindings: createBindings(volume, wasmFs, clock, lookup),
    // The pair passes it on to the bindings as a path, without reading it.
    preopens: options.hasDirectory ? { "/": volume.root as unknown as string } : {},
  });

  const memory = new GuestMemory();
  const stdout = new OutputStream(options.stdout, limits.outputBytes);
  const stderr = new OutputStream(options.stderr, limits.outputBytes);
  const { terminal } = options;
  const streams = [
    new StreamDescriptor(new InputStream(options.stdin), terminal.stdin),
    new StreamDescriptor(stdout, terminal.stdout),
    new StreamDescriptor(stderr, terminal.stderr),
  ];
  const pair: PairContext = { wasi, memory, volume, streams, lookup };
  const context = { memory, clock, descriptors: new PolledDescriptors(pair) };

  const calls: SystemCalls = {
    ...pairCalls(pair),
    ...argumentCalls(
      memory,
      new StringList(options.args),
      new StringList(environmentStrings(options.env)),
    ),
    ...clockCalls(context),
    ...randomnessCalls(memory, (bytes) => options.random(bytes)),
    ...pollingCalls(context, options.sleep),
    ...processCalls(),
    ...socketCalls((fd) => void entryOf(pair, fd)),
  };
  return {
    imports: Object.fromEntries(
      Object.entries(calls).map(([name, call]) => [name, guestImport(memory, name, call)]),
    ),
    suspending: new Set(["fd_read", "poll_oneoff"]),
    files: new VolumeFiles(volume),
    get truncated() {
      return { stdout: stdout.truncated, stderr: stderr.truncated };
    },
    attachMemory(guestMemory) {
      wasi.setMemory(guestMemory);
      memory.attach(guestMemory);
    },
    beginCall() {
      stdout.reset();
      stderr.reset();
    },
  };
}

/** The descriptors that `poll_oneoff` can wait for: the streams. The pair itself can't wait for any. */
class PolledDescriptors extends DescriptorTable {
  readonly #pair: PairContext;

  constructor(pair: PairContext) {
    super(0);
    this.#pair = pair;
  }

  override get(fd: number): Descriptor {
    const stream = this.#pair.streams[entryOf(this.#pair, fd).real];
    if (stream === undefined) throw new WasiError(Errno.ENOTSUP);
    return stream;
  }
}
