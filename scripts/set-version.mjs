// Gives every package a version, and the packages that take each other the same: `npm run version -- 0.2.0`.
// What CHANGELOG.md has as unreleased becomes its changes.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { listPackages } from "./pack.mjs";

const [version] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version ?? "")) {
  console.error("Give the version: npm run version -- 0.2.0");
  process.exit(1);
}

const packages = listPackages();
const names = new Set(packages.map(({ manifest }) => manifest.name));
for (const { folder, manifest } of packages) {
  const changed = { ...manifest, version };
  for (const kind of ["dependencies", "devDependencies", "peerDependencies"]) {
    if (manifest[kind] === undefined) continue;
    const ranges = Object.entries(manifest[kind]);
    changed[kind] = Object.fromEntries(
      ranges.map(([name, range]) => [name, names.has(name) ? version : range]),
    );
  }
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(changed, undefined, 2)}\n`);
}

const root = resolve(import.meta.dirname, "..");
const changelog = join(root, "CHANGELOG.md");
const today = new Date().toISOString().slice(0, 10);
const heading = `## Unreleased\n\n## ${version}, ${today}\n`;
writeFileSync(changelog, readFileSync(changelog, "utf8").replace("## Unreleased\n", heading));

const update = ["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"];
execFileSync("npm", update, { cwd: root, stdio: "inherit" });
execFileSync("node", ["scripts/complete-lock.mjs"], { cwd: root, stdio: "inherit" });
console.log(`All ${packages.length} packages have version ${version}`);
