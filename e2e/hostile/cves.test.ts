/**
 * What other runtimes of WASI and Wasm have had advisories for, tried on both engines.
 *
 * Not here, since there is nothing here that it could be about:
 * - CVE-2026-27572 (wasmtime, `wasi:http` fields), CVE-2025-62711 (wasmtime, component calls) and the
 *   rest on components: a component is refused (modules.test.ts).
 * - CVE-2021-45929, -45946, -45947 (wasm3), CVE-2023-26489, CVE-2023-41880, CVE-2022-31146,
 *   CVE-2026-24116 (wasmtime's code generator): the engine that runs the code is the browser's.
 * - CVE-2021-39216, -39218, -39219 (wasmtime, host references): no reference goes into a guest.
 * - CVE-2025-54126 (WAMR, addresses of sockets): there are no sockets, each call is ENOTSUP.
 * - CVE-2025-64345 (wasmtime, shared memories under threads): an instance has one thread.
 * - wasmer's issue 2432, uvwasi's races between a look and a step: nobody else is in the file system.
 */

import { Errno } from "../../src/wasi/errno.ts";
import { OpenFlags } from "../../src/wasi/flags.ts";
import { guest, MEMORY, wasiImport } from "../harness/hand-made-guest.ts";
import { CALLING_GUEST } from "./calling-guest.ts";
import { fails, hostile, survives, test } from "./case.ts";

const { CREAT, TRUNC } = OpenFlags;

/** Ways out of a directory, as each of these advisories had them. */
const ESCAPES: readonly (readonly [advisory: string, paths: readonly string[]])[] = [
  [
    "uvwasi's issue 269: absolute paths",
    ["/secret.txt", "//secret.txt", "/jail/../secret.txt", "/"],
  ],
  [
    "wazero's issue 2321: paths through ..",
    ["../secret.txt", "a/../../secret.txt", "./.././secret.txt", "..", "../"],
  ],
  [
    "RUSTSEC-2026-0269: trailing slashes",
    [
      "..//secret.txt",
      "a/..//../secret.txt",
      "a//../..//secret.txt",
      ".././/../jail/../secret.txt",
      "..//",
      "a/../..//",
      "././..//.",
    ],
  ],
  [
    "separators of another system",
    [
      "..\\\\secret.txt",
      "a\\\\..\\\\..\\\\secret.txt",
      "C:\\\\secret.txt",
      "\\\\\\\\?\\\\secret.txt",
    ],
  ],
  [
    "characters that are no separators",
    ["..\u2215secret.txt", "\u2025/secret.txt", "%2e%2e/secret.txt", "..;/secret.txt"],
  ],
];

for (const engine of ["cloche", "wasmer"] as const) {
  for (const [advisory, paths] of ESCAPES) {
    test(
      `${advisory} lead no path out of a directory, on the ${engine} engine`,
      hostile({
        given: { bytes: CALLING_GUEST, engine, paths, flags: [0, CREAT, CREAT | TRUNC] },
        attack: async ({ caller }, { bytes, engine, paths, flags }) => {
          const files = { "secret.txt": "secret", jail: { a: {} } };
          const guest = await caller(bytes, engine, { preopens: { "/": files } });
          const jail = await guest.directory("jail");
          const reached = [];
          for (const path of paths) {
            for (const flag of flags) {
              for (const follow of [false, true]) {
                const [errno, fd] = await guest.open(path, { at: jail, flags: flag, follow });
                if (errno !== 0) continue;
                if ((await guest.get(fd))[1] === "secret") reached.push(path);
                await guest.call("fd_close", fd);
              }
            }
          }
          const left = await guest.plugin.files.readText("/secret.txt");
          const beside = (await guest.plugin.files.list("/")).map(({ name }) => name).sort();
          return [reached, left, beside];
        },
        end: survives([[], "secret", ["jail", "secret.txt"]]),
      }),
    );

    test(
      `${advisory} lead no link out of a directory, on the ${engine} engine`,
      hostile({
        given: { bytes: CALLING_GUEST, engine, paths, flags: [0, CREAT, CREAT | TRUNC] },
        attack: async ({ caller }, { bytes, engine, paths, flags }) => {
          const files = { "secret.txt": "secret", jail: { a: {} } };
          const guest = await caller(bytes, engine, { preopens: { "/": files } });
          const jail = await guest.directory("jail");
          const reached = [];
          for (const [index, path] of paths.entries()) {
            await guest.call("path_symlink", path, jail, `link${index}`);
            await guest.call("path_symlink", path.replace(/secret\.txt$/, ""), jail, `to${index}`);
            for (const through of [
              `link${index}`,
              `link${index}/`,
              `to${index}/secret.txt`,
              `to${index}//secret.txt`,
              `a/../to${index}/./secret.txt`,
            ]) {
              for (const flag of flags) {
                const [errno, fd] = await guest.open(through, {
                  at: jail,
                  flags: flag,
                  follow: true,
                });
                if (errno !== 0) continue;
                if ((await guest.get(fd))[1] === "secret") reached.push(through);
                await guest.call("fd_close", fd);
              }
              for (const name of [
                "path_unlink_file",
                "path_create_directory",
                "path_remove_directory",
              ]) {
                if (through.startsWith("to")) await guest.call(name, jail, through);
              }
            }
          }
          const left = await guest.plugin.files.readText("/secret.txt");
          const beside = (await guest.plugin.files.list("/")).map(({ name }) => name).sort();
          return [reached, left, beside];
        },
        end: survives([[], "secret", ["jail", "secret.txt"]]),
        deadlineMs: 10_000,
      }),
    );
  }

  test(
    `CVE-2023-51661: what is not lent is not there, and what is made is the plugin's own, on the ${engine} engine`,
    hostile({
      given: { bytes: CALLING_GUEST, engine, create: CREAT },
      attack: async ({ caller }, { bytes, engine, create }) => {
        const guests = [await caller(bytes, engine), await caller(bytes, engine)] as const;
        const [first, second] = guests;
        const [made, fd] = await first.open("abc", { flags: create });
        await first.put(fd, "mine");
        const preopens = [];
        for (let fd = 0; fd < 10; fd++) {
          if ((await first.call("fd_prestat_get", fd, 0x300)) === 0) preopens.push(fd);
        }
        const [missing] = await second.open("abc");
        const seen = await Promise.all(guests.map(({ plugin }) => plugin.files.list("/")));
        return [made, missing, preopens, seen.map((entries) => entries.map(({ name }) => name))];
      },
      end: survives([Errno.SUCCESS, Errno.ENOENT, [3], [["abc"], []]]),
    }),
  );

  test(
    `CVE-2024-38358, CVE-2025-43853: a link to the outside makes no file there, on the ${engine} engine`,
    hostile({
      given: { bytes: CALLING_GUEST, engine, create: CREAT },
      attack: async ({ caller }, { bytes, engine, create }) => {
        const files = { "outside.file": "outside", app: { dir: {} } };
        const guest = await caller(bytes, engine, { preopens: { "/": files } });
        const app = await guest.directory("app");
        const targets = [
          "../../outside.file",
          "../../made",
          "../../../../made",
          "/made",
          "/outside.file",
        ];
        const opened = [];
        for (const [index, target] of targets.entries()) {
          await guest.call("path_symlink", target, app, `dir/${index}`);
          for (const follow of [true, false]) {
            const [errno, fd] = await guest.open(`dir/${index}`, {
              at: app,
              flags: create,
              follow,
            });
            // What cannot be a link may become a file of its own, in the directory.
            if (errno === 0) {
              await guest.put(fd, "written");
              if ((await guest.get(fd))[1] !== "written") opened.push(target);
              await guest.call("fd_close", fd);
            }
          }
        }
        const beside = (await guest.plugin.files.list("/")).map(({ name }) => name).sort();
        return [opened, beside, await guest.plugin.files.readText("/outside.file")];
      },
      end: survives([[], ["app", "outside.file"], "outside"]),
    }),
  );

  test(
    `CVE-2024-51745, CVE-2024-51756: names of devices are names of files, on the ${engine} engine`,
    hostile({
      given: { bytes: CALLING_GUEST, engine, create: CREAT },
      attack: async ({ caller }, { bytes, engine, create }) => {
        const guest = await caller(bytes, engine);
        const names = [
          "CON",
          "NUL",
          "AUX",
          "PRN",
          "COM1",
          "COM\u00b9",
          "COM\u00b2",
          "LPT\u2070",
          "LPT\u00b3",
          "con.txt",
          "CONIN$",
          "nul:",
          "file:stream",
          "dev",
          "stdout",
          "name.",
          "name ",
          "C:",
        ];
        for (const name of names) {
          const [errno, fd] = await guest.open(name, { flags: create });
          if (errno !== 0) return `${name}: ${errno}`;
          await guest.put(fd, `in ${name}`);
          await guest.call("fd_close", fd);
        }
        const wrong = [];
        for (const name of names) {
          if ((await guest.plugin.files.readText(`/${name}`)) !== `in ${name}`) wrong.push(name);
        }
        return [wrong, (await guest.plugin.files.list("/")).length === names.length];
      },
      end: survives([[], true]),
    }),
  );

  test(
    `CVE-2025-53901: fd_renumber of anything to anything, and descriptors after it, on the ${engine} engine`,
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
    `wasmtime's pull request 13650: fd_renumber keeps nothing open, on the ${engine} engine`,
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
    `CVE-2022-39393: nothing of a plugin's memory or files is found by the next, on the ${engine} engine`,
    hostile({
      given: { bytes: CALLING_GUEST, engine, create: CREAT },
      attack: async ({ caller }, { bytes, engine, create }) => {
        const secret = new TextEncoder().encode("a secret that nobody else may have ".repeat(100));
        for (let round = 0; round < 5; round++) {
          const guest = await caller(bytes, engine);
          await guest.write(0x50000, secret);
          const fd = await guest.opened("secret", { flags: create });
          await guest.put(fd, "secret");
          guest.plugin.terminate();
        }
        const next = await caller(bytes, engine);
        const found = await next.read(0x40000, 0xc0000);
        return [found.some((byte) => byte !== 0), await next.plugin.files.list("/")];
      },
      end: survives([false, []]),
      deadlineMs: 10_000,
    }),
  );

  test(
    `CVE-2026-27204: a guest gets no more than limits give, whatever it asks of WASI, on the ${engine} engine`,
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
}

test(
  "RUSTSEC-2026-0188: no link and no rename takes a file out of a read-only mount",
  hostile({
    given: { bytes: CALLING_GUEST, create: CREAT },
    attack: async ({ caller }, { bytes, create }) => {
      const guest = await caller(bytes);
      await guest.plugin.mount("/ro", { "file.txt": "read only", dir: {} }, { readOnly: true });
      const ro = await guest.directory("ro");
      const errnos = [];
      for (const [at, path] of [
        [3, "ro/file.txt"],
        [ro, "file.txt"],
      ] as const) {
        errnos.push(await guest.call("path_link", at, 0, path, 3, "stolen"));
        errnos.push(await guest.call("path_rename", at, path, 3, "stolen"));
        errnos.push(await guest.call("path_link", at, 1, path, at, "ro/linked"));
      }
      const [opened] = await guest.open("stolen", { flags: create });
      return [
        errnos.every((errno) => errno !== 0),
        opened,
        await guest.plugin.files.readText("/ro/file.txt"),
      ];
    },
    end: survives([true, Errno.SUCCESS, "read only"]),
  }),
);

test(
  "GHSA-2r75-cxrj-cmph: nothing in a read-only mount is truncated, whatever an opening asks for",
  hostile({
    given: { bytes: CALLING_GUEST, flags: [TRUNC, CREAT | TRUNC] },
    attack: async ({ caller }, { bytes, flags }) => {
      const guest = await caller(bytes);
      await guest.plugin.mount("/ro", { "file.txt": "read only" }, { readOnly: true });
      const errnos = new Set<number>();
      for (const flag of flags) {
        for (const rights of [0x1fff_ffffn, 0x40n, 0x2n, 0n]) {
          errnos.add((await guest.open("ro/file.txt", { flags: flag, rights }))[0]);
        }
      }
      const fd = await guest.opened("ro/file.txt", { rights: 0x22n });
      errnos.add(await guest.call("fd_filestat_set_size", fd, 0n));
      errnos.add(await guest.call("fd_allocate", fd, 0n, 100n));
      errnos.add(await guest.put(fd, "x"));
      return [errnos.has(0), await guest.plugin.files.readText("/ro/file.txt")];
    },
    end: survives([false, "read only"]),
  }),
);

test(
  "CVE-2026-27195: a call that is given up while the guest waits leaves nothing that a later one meets",
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
  "a module of the component model, which half of these are about, is refused",
  hostile({
    given: [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0],
    attack: ({ load }, bytes) => load(bytes),
    end: fails("PluginLoadError", /^Cannot compile plugin "plugin": /),
  }),
);
