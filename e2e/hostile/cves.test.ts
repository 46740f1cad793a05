/**
 * What other runtimes of WASI and Wasm have had advisories for, tried on both engines. Those that
 * are about paths are tried in cves-of-paths.test.ts. What only the files of an instance answer, the same in
 * every browser, is tagged `ANY_BROWSER`.
 *
 * Not here, since there is nothing here that it could be about:
 * - CVE-2026-27572 (wasmtime, `wasi:http` fields), CVE-2025-62711 (wasmtime, component calls) and the
 *   rest on components: a component is refused (modules.test.ts).
 * - RUSTSEC-2026-0321 (wasmtime, `poll_oneoff` of preview 0): its imports are refused as unknown.
 * - CVE-2021-45929, -45946, -45947 (wasm3), CVE-2023-26489, CVE-2023-41880, CVE-2022-31146,
 *   CVE-2026-24116 (wasmtime's code generator), CVE-2021-39219 (wasmtime, a function of one engine
 *   in another): the engine that runs the code is the browser's, and the only one.
 * - CVE-2021-39216, -39218 (wasmtime, host references): no reference goes into a guest.
 * - CVE-2025-54126 (WAMR, addresses of sockets): there are no sockets, each call is ENOTSUP.
 * - CVE-2025-64345 (wasmtime, shared memories under threads): an instance has one thread.
 * - wasmer's issue 2432, races between a look and a step: nobody else is in the file system.
 */

import { Errno } from "../../src/files/errno.ts";
import { OpenFlags } from "../../src/wasi/flags.ts";
import {
  ALLOC,
  ECHO,
  FREE,
  guest,
  MEMORY,
  quoted,
  wasiImport,
} from "../harness/hand-made-guest.ts";
import { ANY_BROWSER } from "../harness/test.ts";
import { CALLING_GUEST } from "./calling-guest.ts";
import { fails, hostile, survives, test } from "./case.ts";

const { CREAT } = OpenFlags;

/** A guest whose memory starts with something in it. */
const WITH_DATA = guest(
  '(memory (export "memory") 16)',
  `(data (i32.const 0x50000) "${"data that nobody else may have ".repeat(100)}")`,
  ALLOC,
  FREE,
  ECHO,
);

/** Code that the page and the worker would notice. */
const CODE = 'globalThis.injected=true;globalThis.postMessage("injected");';
/** That code behind what ends each thing that a name could be put into, were a script made of it. */
const NAMES_OF_CODE: readonly string[] = [
  `";${CODE}//`,
  `';${CODE}//`,
  `\`;${CODE}//`,
  `\${${CODE.replaceAll(";", ",")}0}`,
  `a=0;${CODE}`,
  `a}};${CODE}`,
  `*/${CODE}/*`,
  `\n${CODE}`,
  `\u2028${CODE}`,
  `</script><script>${CODE}</script>`,
];

for (const engine of ["cloche", "wasmer"] as const) {
  test(
    `CVE-2025-53901: fd_renumber with any arguments keeps the table of descriptors intact, on the ${engine} engine`,
    ANY_BROWSER,
    hostile({
      given: { bytes: CALLING_GUEST, engine, create: CREAT },
      attack: async ({ caller }, { bytes, engine, create }) => {
        const guest = await caller(bytes, engine, { limits: { openFiles: 100 } });
        const fds = [0, 1, 2, 3, 4, 5, 6, 99, 100, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
        for (const _ of [1, 2]) await guest.open("file", { flags: create });
        for (const from of fds) {
          for (const to of fds) {
            if (to !== 3 && from !== 3) await guest.call("fd_renumber", from, to);
          }
        }
        // The descriptor that panicked the host was one opened afterwards.
        const opened = [];
        for (const _ of [1, 2, 3, 4]) opened.push(await guest.open("file", { flags: create }));
        const numbers = new Set(opened.map(([, fd]) => fd));
        return [opened.every(([errno]) => errno === 0), numbers.size, numbers.has(3)];
      },
      end: survives([true, 4, false]),
    }),
  );

  test(
    `CVE-2026-54786: fd_renumber frees the file of the descriptor that it replaces, on the ${engine} engine`,
    ANY_BROWSER,
    hostile({
      given: { bytes: CALLING_GUEST, engine, create: CREAT },
      attack: async ({ caller }, { bytes, engine, create }) => {
        const guest = await caller(bytes, engine, { limits: { openFiles: 10, fileBytes: 10_000 } });
        const errnos = new Set<number>();
        for (let round = 0; round < 50; round++) {
          const [opened, large] = await guest.open("large", { flags: create });
          errnos.add(opened);
          errnos.add(await guest.call("fd_filestat_set_size", large, 9000n));
          errnos.add(await guest.call("path_unlink_file", 3, "large"));
          const other = await guest.opened("other", { flags: create });
          // With its last descriptor the file goes, and the room that it took.
          errnos.add(await guest.call("fd_renumber", other, large));
          errnos.add(await guest.call("fd_close", large));
        }
        return [...errnos];
      },
      end: survives([Errno.SUCCESS]),
      deadlineMs: 10_000,
    }),
  );

  test(
    `wasm3's issue 323: buffers outside the guest's memory are neither read nor written, on the ${engine} engine`,
    ANY_BROWSER,
    hostile({
      given: { bytes: CALLING_GUEST, engine, create: CREAT },
      attack: async ({ caller }, { bytes, engine, create }) => {
        let stdout = "";
        const guest = await caller(bytes, engine, { stdout: (chunk) => (stdout += chunk) });
        const fd = await guest.opened("file", { flags: create });
        await guest.call("fd_filestat_set_size", fd, 1000n);
        const end = 16 * 65_536;
        const errnos = new Set<number>();
        for (const [address, length] of [
          [end - 8, 9],
          [end, 1],
          [2 ** 31, 16],
          [2 ** 32 - 8, 16],
          [0, 2 ** 32 - 1],
          [2 ** 32 - 1, 2 ** 32 - 1],
        ] as const) {
          await guest.write(0x200, new Uint8Array(Uint32Array.of(address, length).buffer));
          for (const [name, target] of [
            ["fd_write", 1],
            ["fd_write", fd],
            ["fd_read", fd],
          ] as const) {
            errnos.add(await guest.call(name, target, 0x200, 1, 0x100));
          }
          errnos.add(await guest.call("fd_pread", fd, 0x200, 1, 0n, 0x100));
          errnos.add(await guest.call("fd_pwrite", fd, 0x200, 1, 0n, 0x100));
        }
        const { size } = await guest.plugin.files.stat("/file");
        return [[...errnos], size, stdout];
      },
      end: survives([[Errno.EFAULT], 1000, ""]),
    }),
  );

  test(
    `CVE-2022-39393: a plugin finds no data, memory or files of an earlier one, on the ${engine} engine`,
    hostile({
      given: { bytes: CALLING_GUEST, withData: WITH_DATA, engine, create: CREAT },
      attack: async ({ caller }, { bytes, withData, engine, create }) => {
        const secret = new TextEncoder().encode("a secret that nobody else may have ".repeat(100));
        for (let round = 0; round < 5; round++) {
          const { plugin } = await caller(withData, engine);
          const guest = await caller(bytes, engine);
          await guest.write(0x50000, secret);
          const fd = await guest.opened("secret", { flags: create });
          await guest.put(fd, "secret");
          guest.plugin.terminate();
          plugin.terminate();
        }
        // It has no data of its own, which is what the advisory's next instance had not.
        const next = await caller(bytes, engine);
        const found = await next.read(0x40000, 0xc0000);
        return [found.some((byte) => byte !== 0), await next.plugin.files.list("/")];
      },
      end: survives([false, []]),
      deadlineMs: 10_000,
    }),
  );

  test(
    `CVE-2026-27204: a guest cannot exceed limits through WASI, on the ${engine} engine`,
    ANY_BROWSER,
    hostile({
      given: { bytes: CALLING_GUEST, engine, create: CREAT },
      attack: async ({ caller }, { bytes, engine, create }) => {
        const limits = { openFiles: 64, inodes: 1000, fileBytes: 100_000, outputBytes: 1000 };
        let stdout = 0;
        const guest = await caller(bytes, engine, {
          limits,
          stdout: (chunk) => (stdout += chunk.length),
        });
        const fd = await guest.opened("file", { flags: create });
        const errnos: Record<string, number> = {};
        // Handles without an end.
        errnos["descriptors"] = await guest.repeat(
          100_000,
          "path_open",
          3,
          0,
          "file",
          0,
          0n,
          0n,
          0,
          0x100,
        );
        errnos["entries"] = await guest.fill(1_000_000);
        // Buffers whose size the guest names.
        errnos["random"] = await guest.call("random_get", 0x1000, 2 ** 32 - 1);
        errnos["listing"] = await guest.call("fd_readdir", 3, 0x1000, 2 ** 32 - 1, 0n, 0x100);
        errnos["link"] = await guest.call("path_readlink", 3, "file", 0x1000, 2 ** 32 - 1, 0x100);
        errnos["subscriptions"] = await guest.call("poll_oneoff", 0, 0x1000, 2 ** 30, 0x100);
        errnos["buffers"] = await guest.call("fd_write", 1, 0, 2 ** 28, 0x100);
        errnos["name"] = await guest.call("path_create_directory", 3, 0, 2 ** 32 - 1);
        // Bytes that the host would keep.
        errnos["size"] = await guest.call("fd_filestat_set_size", fd, 2n ** 62n);
        errnos["room"] = await guest.call("fd_allocate", fd, 2n ** 62n, 2n ** 62n);
        await guest.write(0x200, new Uint8Array(Uint32Array.of(0x40000, 0xc0000).buffer));
        errnos["output"] = await guest.repeat(10_000, "fd_write", 1, 0x200, 1, 0x100);
        errnos["write"] = await guest.repeat(1000, "fd_write", fd, 0x200, 1, 0x100);
        return [errnos, stdout];
      },
      end: survives([
        {
          descriptors: Errno.EMFILE,
          entries: Errno.ENOSPC,
          random: Errno.EFAULT,
          listing: Errno.EFAULT,
          // To the pair the file is no link first, and it has no such call.
          link: engine === "cloche" ? Errno.EFAULT : Errno.EINVAL,
          subscriptions: Errno.EINVAL,
          buffers: Errno.EINVAL,
          name: Errno.EFAULT,
          size: Errno.EFBIG,
          room: engine === "cloche" ? Errno.EFBIG : Errno.ENOSYS,
          output: Errno.SUCCESS,
          write: Errno.EFBIG,
        },
        1000,
      ]),
      deadlineMs: 20_000,
    }),
  );

  test(
    `GHSA-5m8g-xhq4-4h93: many empty writes have no effect, on the ${engine} engine`,
    ANY_BROWSER,
    hostile({
      given: { bytes: CALLING_GUEST, engine, create: CREAT },
      attack: async ({ caller }, { bytes, engine, create }) => {
        let chunks = 0;
        const count = () => chunks++;
        const guest = await caller(bytes, engine, { stdout: count, stderr: count });
        const fd = await guest.opened("file", { flags: create });
        await guest.write(0x200, new Uint8Array(Uint32Array.of(0x1000, 0, 0x1000, 0).buffer));
        const errnos = new Set<number>();
        for (const target of [1, 2, fd]) {
          for (const buffers of [0, 1, 2]) {
            errnos.add(await guest.repeat(50_000, "fd_write", target, 0x200, buffers, 0x100));
          }
        }
        const { size } = await guest.plugin.files.stat("/file");
        return [[...errnos], chunks, size];
      },
      end: survives([[Errno.SUCCESS], 0, 0]),
      deadlineMs: 10_000,
    }),
  );

  test(
    `RUSTSEC-2026-0322: unread output is kept only up to a limit, on the ${engine} engine`,
    hostile({
      given: { bytes: CALLING_GUEST, engine },
      attack: async ({ caller }, { bytes, engine }) => {
        const guest = await caller(bytes, engine);
        const buffers = Array.from({ length: 1024 }, () => [0x40000, 0xc0000]).flat();
        await guest.write(0x4000, new Uint8Array(Uint32Array.from(buffers).buffer));
        // Together 1.6 TB, for which no machine has the time.
        const errnos = [1, 2].map((fd) => guest.repeat(1000, "fd_write", fd, 0x4000, 1024, 0x100));
        return [await Promise.all(errnos), await guest.u32(0x100)];
      },
      end: survives([[Errno.SUCCESS, Errno.SUCCESS], 1024 * 0xc0000]),
      deadlineMs: 10_000,
    }),
  );

  test(
    `RUSTSEC-2026-0323: a listing contains only its entries and zeros, on the ${engine} engine`,
    ANY_BROWSER,
    hostile({
      given: { bytes: CALLING_GUEST, engine },
      attack: async ({ caller }, { bytes, engine }) => {
        const files = { a: "", bb: {}, "a name that is longer": "" };
        const guest = await caller(bytes, engine, { files });
        const untouched = new Uint8Array(0x200).fill(0xff);
        const wrong = [];
        const names = [];
        for (const length of [0, 1, 21, 23, 24, 25, 60, 0x100]) {
          await guest.write(0x40000, untouched);
          await guest.call("fd_readdir", 3, 0x40000, length, 0n, 0x100);
          const used = await guest.u32(0x100);
          const listing = await guest.read(0x40000, 0x200);
          if (listing.subarray(used).some((byte) => byte !== 0xff)) wrong.push(["behind", length]);
          for (let at = 0; at + 24 < used; ) {
            const nameAt = at + 24;
            const nextAt = nameAt + new DataView(listing.buffer).getUint32(at + 16, true);
            const padding = listing.subarray(at + 21, nameAt);
            if (padding.some((byte) => byte !== 0)) wrong.push(["between", length, ...padding]);
            const name = new TextDecoder().decode(listing.subarray(nameAt, nextAt));
            if (length === 0x100) names.push(name);
            at = nextAt;
          }
        }
        return [wrong, names.sort()];
      },
      end: survives([[], [".", "..", "a", "a name that is longer", "bb"]]),
    }),
  );

  test(
    `RUSTSEC-2026-0314: extreme times are harmless, on the ${engine} engine`,
    ANY_BROWSER,
    hostile({
      given: { bytes: CALLING_GUEST, engine, create: CREAT },
      attack: async ({ caller }, { bytes, engine, create }) => {
        const guest = await caller(bytes, engine);
        const { files } = guest.plugin;
        const fd = await guest.opened("file", { flags: create });
        const errnos = new Set<number>();
        const wrong = [];
        for (const timeNs of [0n, 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]) {
          for (const flags of [1, 4, 5, 3, 15, 0xffff]) {
            const times = [timeNs, timeNs, flags] as const;
            errnos.add(await guest.call("fd_filestat_set_times", fd, ...times));
            errnos.add(await guest.call("path_filestat_set_times", 3, 1, "file", ...times));
            errnos.add(await guest.call("fd_filestat_get", fd, 0x200));
            errnos.add(await guest.call("path_filestat_get", 3, 1, "file", 0x200));
            const { modifiedMs } = await files.stat("/file");
            if (Number.isNaN(new Date(modifiedMs).getTime())) wrong.push([timeNs, flags]);
          }
        }
        return [[...errnos], wrong, Object.keys(await files.snapshot())];
      },
      end: survives([[Errno.SUCCESS, Errno.EINVAL], [], ["file"]]),
    }),
  );

  test(
    `CVE-2026-54914: poll_oneoff writes all of its events or none, on the ${engine} engine`,
    ANY_BROWSER,
    hostile({
      given: { bytes: CALLING_GUEST, engine },
      attack: async ({ caller }, { bytes, engine }) => {
        const guest = await caller(bytes, engine);
        const end = 16 * 65_536;
        const [count, eventBytes] = [4, 32];
        const subscriptions = new Uint8Array(count * 48);
        // Each to a clock, and due at once.
        for (let index = 0; index < count; index++) subscriptions[index * 48 + 16] = 1;
        await guest.write(0x1000, subscriptions);
        const last = end - count * eventBytes;
        await guest.write(last, new Uint8Array(count * eventBytes).fill(0xff));
        const ends = [];
        for (const events of [end, end - 1, end - eventBytes, last + 1, 2 ** 32 - eventBytes]) {
          const errno = await guest.call("poll_oneoff", 0x1000, events, count, 0x100);
          const written = (await guest.read(last, end - last)).some((byte) => byte !== 0xff);
          ends.push(errno, written);
        }
        const fits = await guest.call("poll_oneoff", 0x1000, last, count, 0x100);
        return [[...new Set(ends)], fits, await guest.u32(0x100)];
      },
      end: survives([[Errno.EFAULT, false], Errno.SUCCESS, 4]),
    }),
  );
}

for (const interruption of ["epoch", "fuel"] as const) {
  test(
    `CVE-2026-104855: a copy that ${interruption} interrupts leaves no partial state`,
    hostile({
      given: {
        bytes: guest(
          '(memory (export "memory") 1024)',
          ALLOC,
          FREE,
          `(func (export "__copy") (param i64) (result i64)
            (loop $l
              (memory.copy (i32.const 0) (i32.const 1) (i32.const 0x3ffffff))
              (br $l))
            (i64.const 0))`,
        ),
        interruption,
      },
      attack: async ({ load, rejection, t }, { bytes, interruption }) => {
        const plugin = await load(bytes, { interruption });
        const copy = plugin.function("copy", [], t.unit).with({ timeoutMs: 50 });
        return [(await rejection(copy())).name, (await rejection(copy())).name];
      },
      end: survives(["PluginTimeoutError", "PluginClosedError"]),
    }),
  );
}

test(
  "CVE-2023-39333: an export whose name is code can be called, and the code is not run",
  hostile({
    given: {
      bytes: guest(
        MEMORY,
        ALLOC,
        FREE,
        ...NAMES_OF_CODE.map(
          (name) => `(func (export ${quoted(`__${name}`)}) (param i64) (result i64) (local.get 0))`,
        ),
      ),
      names: NAMES_OF_CODE,
    },
    attack: async ({ load, t }, { bytes, names }) => {
      const plugin = await load(bytes);
      const answers = [];
      // What a worker posts of itself ends its plugin.
      for (const name of names) {
        answers.push(await plugin.function(name, [t.string], t.string)("here"));
      }
      return [[...new Set(answers)], plugin.functions, "injected" in globalThis];
    },
    end: survives([["here"], NAMES_OF_CODE, false]),
  }),
);

test(
  "CVE-2026-26956: no guest gets the tag that catches JavaScript's errors",
  hostile({
    given: guest('(import "env" "__js_tag" (tag (param externref)))', MEMORY, ALLOC, FREE),
    attack: ({ load }, bytes) => load(bytes),
    end: fails("PluginLinkError", /: import "env.__js_tag" is a tag \(must be a function\)$/),
  }),
);

test(
  "CVE-2026-44216: a table beyond the address space is rejected by a limit before it is compiled",
  hostile({
    given: guest("(table i64 0x1fffffffffffffff funcref)", MEMORY, ALLOC, FREE),
    attack: ({ load }, bytes) => load(bytes),
    end: fails("PluginLimitError", /limits\.tableElements\)$/),
  }),
);

test(
  "CVE-2026-27195: a call that is aborted while the guest waits does not affect later ones",
  hostile({
    given: guest(
      '(import "env" "__run" (func $run (param i64) (result i64)))',
      wasiImport("sched_yield"),
      MEMORY,
      '(func (export "__alloc_buffer") (param i32) (result i32) (i32.const 8))',
      '(func (export "__free_buffer") (param i64))',
      '(func (export "__f") (param i64) (result i64) (call $run (i64.const 0)))',
    ),
    attack: async ({ load, rejection, t, cloche: { hostFunction } }, bytes) => {
      const ends = [];
      for (let round = 0; round < 5; round++) {
        const controller = new AbortController();
        const run = hostFunction([], t.unit, () => {
          controller.abort("given up");
          return new Promise<undefined>(() => {});
        });
        const plugin = await load(bytes, { blocking: "jspi", hostFunctions: { run } });
        const f = plugin.function("f", [], t.unit);
        ends.push((await rejection(f.with({ signal: controller.signal })())).message);
        ends.push((await rejection(f())).name);
      }
      return [...new Set(ends)];
    },
    end: survives(["given up", "PluginClosedError"]),
  }),
);

test(
  "a component, which many advisories concern, is rejected",
  hostile({
    given: [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0],
    attack: ({ load }, bytes) => load(bytes),
    end: fails("PluginLoadError", /is a WebAssembly component, not a WebAssembly module$/),
  }),
);
