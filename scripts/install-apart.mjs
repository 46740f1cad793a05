/** Installs packages that are no dependencies of the repository's, below node_modules/.cache. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/**
 * Installs what the `package-lock.json` of a folder pins, and finishes it, unless that was done before
 * with the same files.
 *
 * @param inputs The other files that the result depends on.
 * @param finish Makes of the packages what is wanted.
 */
export async function installApart({ sources, installed, inputs, finish = async () => {} }) {
  const stamp = fingerprint([join(sources, "package-lock.json"), ...inputs]);
  const stampFile = join(installed, "stamp");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  mkdirSync(installed, { recursive: true });
  // What fails from here on leaves nothing of an older state.
  for (const entry of readdirSync(installed, { withFileTypes: true })) {
    if (entry.isFile()) rmSync(join(installed, entry.name));
  }
  for (const file of ["package.json", "package-lock.json"]) {
    copyFileSync(join(sources, file), join(installed, file));
  }
  const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  runOrExit("npm", ["ci", ...quietly], installed);
  await finish();
  writeFileSync(stampFile, stamp);
}

/** Runs a command, and ends the process if it fails: without an error if it has the argument `--optional`. */
export function runOrExit(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (status === 0) return;
  console.error(`Cannot install: ${command} failed${error ? `, ${error.message}` : ""}`);
  process.exit(process.argv.includes("--optional") ? 0 : 1);
}

function fingerprint(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex");
}
