/** Packs the packages of this repository, as they are published. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

/** The packages that are published: every workspace that is not private, the library too. */
export function listPackages() {
  const query = ["query", ".workspace"];
  const listed = JSON.parse(execFileSync("npm", query, { cwd: root, encoding: "utf8" }));
  const packages = listed.map(({ location }) => {
    const folder = join(root, location);
    return { folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) };
  });
  return packages.filter(({ manifest }) => manifest.private !== true);
}

/** Packs each of them, or those with these names, into a folder, without building it. */
export function packPackages(target, names = listPackages().map(({ manifest }) => manifest.name)) {
  const workspaces = names.map((name) => `--workspace=${name}`);
  const quietly = ["--ignore-scripts", "--json", "--pack-destination", target];
  const args = ["pack", ...workspaces, ...quietly];
  const options = { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
  const packed = Object.values(JSON.parse(execFileSync("npm", args, options)));
  return packed.map(({ name, filename, files }) => ({
    name,
    tarball: join(target, filename),
    files: files.map(({ path }) => path),
  }));
}
