// Completes package-lock.json: with a registry mirror that lacks builds for other platforms, npm omits
// them, and `npm ci` then rejects the file. With --check it only reports what is missing, and whether the
// file contains an address of a registry.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

const FILE = resolve(import.meta.dirname, "../package-lock.json");
const lock = JSON.parse(readFileSync(FILE, "utf8"));

const SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = [
  "arm64",
  "arm",
  "x64",
  "ia32",
  "ppc64",
  "riscv64",
  "s390x",
  "loong64",
  "mips64el",
  "wasm32",
];

/** The entry of an omitted build: what npm needs to skip it on other platforms. */
function entryOf(name, version) {
  const parts = name.slice(name.indexOf("/") + 1).split("-");
  const os = SYSTEMS.filter((system) => parts.includes(system));
  const cpu = PROCESSORS.filter((processor) => parts.includes(processor));
  const libc = parts.includes("musl") ? ["musl"] : parts.includes("gnu") ? ["glibc"] : undefined;
  if (os.length === 0 && cpu.length === 0)
    throw new Error(`Cannot place ${name}: no platform in its name`);
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    dev: true,
    ...(libc && { libc }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

const missing = new Map();
for (const { optionalDependencies = {} } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const path = `node_modules/${name}`;
    const isPlatform = /^\d/.test(version) && name.startsWith("@");
    if (isPlatform && lock.packages[path] === undefined) missing.set(path, entryOf(name, version));
  }
}
const addresses = Object.values(lock.packages).filter(({ resolved }) =>
  /^https?:/.test(resolved ?? ""),
);

if (process.argv.includes("--check")) {
  for (const path of missing.keys()) console.error(`package-lock.json lacks ${path}`);
  if (addresses.length > 0) console.error(`package-lock.json has ${addresses.length} addresses`);
  process.exit(missing.size + addresses.length === 0 ? 0 : 1);
}

lock.packages = Object.fromEntries(
  [...Object.entries(lock.packages), ...missing].sort(([one], [other]) => (one < other ? -1 : 1)),
);
writeFileSync(FILE, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(`package-lock.json: added ${missing.size} builds for other platforms`);
