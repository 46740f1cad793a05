// Publishes every package whose version the registry does not have, after all checks. What npm is to do is in
// the package's "publishConfig": among it provenance, which only some CI services can attest.
// With --dry-run it publishes nothing and expects a build: it shows what would be published.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { listPackages } from "./pack.mjs";

process.chdir(resolve(import.meta.dirname, ".."));
const isDryRun = process.argv.includes("--dry-run");

if (!isDryRun) {
  if (output("git", ["status", "--porcelain"]) !== "") fail("Commit first: there are changes");
  run("npm", ["run", "check"]);
}
const workspaces = inOrder(listPackages())
  .filter(({ manifest }) => isDryRun || !isPublished(manifest))
  .map(({ manifest }) => `--workspace=${manifest.name}`);
const flags = ["--ignore-scripts", "--loglevel=warn", ...(isDryRun ? ["--dry-run"] : [])];
// One npm publishes all, in this order, and ends at the first that fails.
if (workspaces.length > 0) run("npm", ["publish", ...flags, ...workspaces]);

function isPublished({ name, version }) {
  if (output("npm", ["view", `${name}@${version}`, "version"]) === "") return false;
  console.log(`${name} ${version} is published already`);
  return true;
}

/** Each package behind those that it takes. */
function inOrder(packages) {
  const byName = new Map(packages.map((each) => [each.manifest.name, each]));
  const ordered = new Set();
  const add = (each) => {
    const { dependencies, peerDependencies } = each.manifest;
    for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
      if (byName.has(name)) add(byName.get(name));
    }
    ordered.add(each);
  };
  for (const each of packages) add(each);
  return [...ordered];
}

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) fail(`${command} ${args.join(" ")} failed`);
}

function output(command, args) {
  return spawnSync(command, args, { encoding: "utf8" }).stdout.trim();
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}
