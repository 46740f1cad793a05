// Builds the example plugins of guest/ into public/plugins.
//
//   node scripts/build-guests.mjs           build and write public/plugins/*.wasm
//   node scripts/build-guests.mjs --check   build elsewhere, and fail if a committed file differs
//   node scripts/build-guests.mjs --test    run `cargo test` for the crates
//
// Exit codes: 0 done, 1 a build or test failed or a file differs, 3 no fitting Rust toolchain.
// The committed files come from Debian 12's Rust, which gives the same bytes in every folder.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const RUST_SOURCES = join(ROOT, "guest/rust");
const OUTPUT = join(ROOT, "public/plugins");
const PLUGINS = ["double", "everything"];

const REFERENCE_RUST = "1.63.0";
const DEBIAN_REGISTRY = "/usr/share/cargo/registry";
const DEBIAN_PACKAGES =
  "rustc cargo lld libstd-rust-dev-wasm32 librust-serde-dev librust-serde-derive-dev " +
  "librust-bincode-dev librust-syn-dev librust-quote-dev librust-proc-macro2-dev";
/** Newest name first: Rust renamed the target in 1.78. */
const TARGETS = ["wasm32-wasip1", "wasm32-wasi"];

class Failure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

function output(command, args) {
  const result = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** The toolchain whose rustc and cargo stand in `folder`, if it has a WASI target. */
function toolchainIn(folder) {
  const [rustc, cargo] = [join(folder, "rustc"), join(folder, "cargo")];
  if (!existsSync(rustc) || !existsSync(cargo)) return undefined;
  const version = output(rustc, ["--version"])?.split(" ")[1];
  const target = TARGETS.find((name) => {
    const library = output(rustc, ["--print", "target-libdir", "--target", name]);
    return library !== undefined && existsSync(library);
  });
  return version && target ? { rustc, cargo, version, target } : undefined;
}

function findToolchain({ referenceOnly }) {
  const folders = new Set(["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)]);
  const toolchains = [...folders].map(toolchainIn).filter((found) => found !== undefined);
  const reference = toolchains.find(({ version }) => version === REFERENCE_RUST);
  const toolchain = reference ?? (referenceOnly ? undefined : toolchains[0]);
  if (toolchain === undefined) {
    const wanted = referenceOnly ? `Rust ${REFERENCE_RUST}` : "Rust";
    throw new Failure(
      `Cannot build the guests: no ${wanted} with a WASI target found, expected the Debian 12 packages\n` +
        `  apt-get install ${DEBIAN_PACKAGES}`,
      3,
    );
  }
  return toolchain;
}

/**
 * Runs cargo on a copy of the sources in `folder`. The copy has a Cargo.lock of its own, since one
 * made by another version of cargo names crates that Debian does not have.
 */
function cargo(toolchain, folder, args) {
  const sources = join(folder, "rust");
  rmSync(sources, { recursive: true, force: true });
  cpSync(RUST_SOURCES, sources, {
    recursive: true,
    preserveTimestamps: true,
    filter: (path) => !["target", "vectors", "Cargo.lock"].includes(basename(path)),
  });
  const remaps = [
    [sources, "/guest"],
    [DEBIAN_REGISTRY, "/registry"],
    [process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "/cargo"],
  ].map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
  const config = [`target.${toolchain.target}.rustflags=${JSON.stringify(remaps)}`];
  if (toolchain.version === REFERENCE_RUST && existsSync(DEBIAN_REGISTRY)) {
    config.push('source.crates-io.replace-with="debian"');
    config.push(`source.debian.directory=${JSON.stringify(DEBIAN_REGISTRY)}`);
  }
  const { RUSTFLAGS: _flags, CARGO_ENCODED_RUSTFLAGS: _encoded, ...env } = process.env;
  const result = spawnSync(
    toolchain.cargo,
    [...config.flatMap((entry) => ["--config", entry]), ...args],
    {
      cwd: sources,
      env: {
        ...env,
        PATH: `${dirname(toolchain.rustc)}${delimiter}${env.PATH ?? ""}`,
        RUSTC: toolchain.rustc,
        CARGO_TARGET_DIR: join(folder, "target"),
      },
      stdio: "inherit",
    },
  );
  if (result.status !== 0) throw new Failure(`Cannot run cargo ${args.join(" ")}: see above`);
}

/** Fails where the start-up got lost: such a plugin works, and slows down with every call. */
function checkStartUp(name, file) {
  const exports = WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(file)));
  if (!exports.some((entry) => entry.name === "_initialize")) {
    throw new Failure(`Cannot use the plugin "${name}": it does not export _initialize`);
  }
}

/** Builds every plugin below `folder`; returns the built file of each name. */
function build(toolchain, folder) {
  const packages = PLUGINS.flatMap((name) => ["--package", name]);
  cargo(toolchain, folder, ["build", "--release", "--target", toolchain.target, ...packages]);
  const built = join(folder, "target", toolchain.target, "release");
  const files = new Map(PLUGINS.map((name) => [name, join(built, `${name}.wasm`)]));
  for (const [name, file] of files) checkStartUp(name, file);
  return files;
}

function write(toolchain, folder) {
  mkdirSync(OUTPUT, { recursive: true });
  for (const [name, built] of build(toolchain, folder)) {
    const file = join(OUTPUT, `${name}.wasm`);
    cpSync(built, file);
    console.log(`${relative(ROOT, file)}  ${readFileSync(file).length} bytes`);
  }
  if (toolchain.version !== REFERENCE_RUST) {
    console.warn(
      `Built with Rust ${toolchain.version}: do not commit these, the committed ones are from ${REFERENCE_RUST}`,
    );
  }
}

function check(toolchain, folder) {
  const differing = [...build(toolchain, folder)]
    .map(([name, built]) => ({ built, file: join(OUTPUT, `${name}.wasm`) }))
    .filter(
      ({ built, file }) => !existsSync(file) || !readFileSync(file).equals(readFileSync(built)),
    )
    .map(({ file }) => relative(ROOT, file));
  if (differing.length > 0) {
    throw new Failure(
      `Cannot confirm the committed plugins: ${differing.join(", ")} differ from what the sources give, ` +
        "expected the output of node scripts/build-guests.mjs",
    );
  }
  console.log(`The ${PLUGINS.length} committed plugins are what the sources give`);
}

function inTemporaryFolder(run) {
  const folder = mkdtempSync(join(tmpdir(), "cloche-guests-"));
  try {
    run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function main(args) {
  const [mode, ...others] = args;
  if (others.length > 0)
    throw new Failure(`Cannot read the arguments: ${args.join(" ")}, expected one`);
  const kept = join(ROOT, "build/guests");
  switch (mode) {
    case undefined:
      return write(findToolchain({ referenceOnly: false }), kept);
    case "--check": {
      const toolchain = findToolchain({ referenceOnly: true });
      return inTemporaryFolder((folder) => check(toolchain, folder));
    }
    case "--test":
      return cargo(findToolchain({ referenceOnly: false }), kept, ["test", "--workspace"]);
    default:
      throw new Failure(`Cannot read the argument "${mode}", expected --check, --test or nothing`);
  }
}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
