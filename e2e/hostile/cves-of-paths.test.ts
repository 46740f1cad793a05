/**
 * What other runtimes of WASI have had advisories for that were about paths: ways out of a directory,
 * and into what is only to be read. The others, and what is not tried, are in cves.test.ts.
 */

import { Errno } from "../../src/files/errno.ts";
import { OpenFlags } from "../../src/wasi/flags.ts";
import { CALLING_GUEST } from "./calling-guest.ts";
import { hostile, survives, test } from "./case.ts";

const { CREAT, TRUNC } = OpenFlags;

/** Ways out of a directory, as these advisories had them. */
const ESCAPES: readonly (readonly [ways: string, paths: readonly string[]])[] = [
  [
    "uvwasi's issue 269: absolute paths",
    ["/secret.txt", "//secret.txt", "/jail/../secret.txt", "/"],
  ],
  [
    "wazero's issue 2321 (in links): paths through ..",
    [
      "../secret.txt",
      "../../../secret.txt",
      "a/../../secret.txt",
      "./.././secret.txt",
      "..",
      "../",
    ],
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
    "GHSA-f2pq-268w-886c: drives in front of names",
    [
      "C:secret.txt",
      "a/C:secret.txt",
      "C:/secret.txt",
      "C:../secret.txt",
      "a/C:../../secret.txt",
      "C:..",
      "C:",
    ],
  ],
  [
    "separators of another system",
    ["..\\secret.txt", "a\\..\\..\\secret.txt", "C:\\secret.txt", "\\\\?\\secret.txt", "..\\"],
  ],
  [
    "characters that are not separators",
    ["..\u2215secret.txt", "\u2025/secret.txt", "%2e%2e/secret.txt", "..;/secret.txt"],
  ],
];

for (const engine of ["cloche", "wasmer"] as const) {
  for (const [ways, paths] of ESCAPES) {
    test(
      `${ways} lead out of no directory, on the ${engine} engine`,
      hostile({
        given: { bytes: CALLING_GUEST, engine, paths, flags: [0, CREAT, CREAT | TRUNC] },
        attack: async ({ caller }, { bytes, engine, paths, flags }) => {
          const files = { "secret.txt": "secret", jail: { a: {} } };
          const guest = await caller(bytes, engine, { files });
          const jail = await guest.directory("jail");
          const reached = [];
          for (const path of paths) {
            for (const flag of flags) {
              for (const follow of [false, true]) {
                const texts = await guest.texts(path, "secret.txt", {
                  at: jail,
                  flags: flag,
                  follow,
                });
                if (texts.includes("secret")) reached.push(path);
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

    test(
      `${ways} as targets of links lead out of no directory, on the ${engine} engine`,
      hostile({
        given: { bytes: CALLING_GUEST, engine, paths, flags: [0, CREAT, CREAT | TRUNC] },
        attack: async ({ caller }, { bytes, engine, paths, flags }) => {
          const files = { "secret.txt": "secret", jail: { a: {} } };
          const guest = await caller(bytes, engine, { files });
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
              `to${index}/`,
            ]) {
              for (const flag of flags) {
                const texts = await guest.texts(through, "secret.txt", {
                  at: jail,
                  flags: flag,
                  follow: true,
                });
                if (texts.includes("secret")) reached.push(through);
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
        deadlineMs: 20_000,
      }),
    );
  }

  test(
    `CVE-2023-51661: a plugin reaches only its own files, on the ${engine} engine`,
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
    `CVE-2024-38358, CVE-2025-43853: no file is created through a link to the outside, on the ${engine} engine`,
    hostile({
      given: { bytes: CALLING_GUEST, engine, create: CREAT },
      attack: async ({ caller }, { bytes, engine, create }) => {
        const files = { "outside.file": "outside", app: { dir: {} } };
        const guest = await caller(bytes, engine, { files });
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
    `wasmer's issue 1759, GHSA-m9f7-9w4p-gv38: a rename cannot cross the edge of the directory, on the ${engine} engine`,
    hostile({
      given: { bytes: CALLING_GUEST, engine },
      attack: async ({ caller }, { bytes, engine }) => {
        const files = {
          "secret.txt": "secret",
          near: { "kept.txt": "kept" },
          jail: { a: {}, foo: "foo" },
        };
        const guest = await caller(bytes, engine, { files });
        const jail = await guest.directory("jail");
        const renamed = await guest.call("path_rename", jail, "foo", jail, "bar");
        const text = await guest.plugin.files.readText("/jail/bar");
        const links = { up: "..", upwards: "../", near: "../near/" };
        const inside = ["bar", "a", "up", "up/", "upwards/", "near/"];
        const outside = ["../secret.txt", "up/secret.txt", "upwards//secret.txt", "near/kept.txt"];
        const targets = [
          "got",
          "up/",
          "upwards/",
          "up/out",
          "near//",
          "near/out",
          "../out",
          "/out",
        ];
        for (const from of [...inside, ...outside]) {
          for (const to of targets) {
            // A rename that is no way out may have moved one of them, or what was to be moved.
            for (const [link, target] of Object.entries(links)) {
              await guest.call("path_symlink", target, jail, link);
            }
            await guest.call("path_create_directory", jail, "a");
            await guest.call("path_rename", jail, from, jail, to);
            await guest.call("path_rename", jail, "got", jail, "bar");
          }
        }
        const names = async (path: string) =>
          (await guest.plugin.files.list(path)).map(({ name }) => name).sort();
        const secret = await guest.plugin.files.readText("/secret.txt");
        return [renamed, text, secret, await names("/"), await names("/near")];
      },
      end: survives([Errno.SUCCESS, "foo", "secret", ["jail", "near", "secret.txt"], ["kept.txt"]]),
      deadlineMs: 10_000,
    }),
  );

  test(
    `CVE-2024-51745, CVE-2024-51756: names of devices are ordinary file names, on the ${engine} engine`,
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
          "COM\u00b3",
          "LPT\u2070",
          "LPT\u00b9",
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
}

test(
  "CVE-2026-58494: links and renames cannot take a file out of a read-only mount",
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
  "CVE-2026-47261: no file in a read-only mount is truncated, whatever the flags of path_open",
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
