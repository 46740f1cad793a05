// Builds the guests of guest/ into public/plugins: the example plugins, and into fixtures/ those that
// only tests load, such as the WASI programs of e2e/wasi/programs.
//
//   node scripts/build-guests.mjs           build and write public/plugins/**/*.wasm
//   node scripts/build-guests.mjs --check   build elsewhere, and fail if a committed file differs
//   node scripts/build-guests.mjs --test    run `cargo test` for the crates
//
// `--check --test` does both. Guests without a toolchain are skipped, and listed at the end.
// Exit codes: 0 done, 1 a build or test failed or a file differs, 3 a toolchain is missing.
// The committed files come from Debian 12's compilers, whose output is the same in every folder.

import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as asc from "assemblyscript/asc";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const OUTPUT = join(ROOT, "public/plugins");
const KEPT = join(ROOT, "build/guests");
const WASI_PROGRAMS = join(ROOT, "e2e/wasi/programs");

class Failure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The exit code if a toolchain is missing, also of a {@link Failure}. */
const NO_TOOLCHAIN = 3;

function noToolchain(guests, wanted, packages) {
  return new Failure(
    `Cannot build the guests in ${guests}: no ${wanted} found, expected the Debian 12 packages\n` +
      `  apt-get install ${packages}`,
    NO_TOOLCHAIN,
  );
}

/** The folders to search for programs, Debian's first. */
const PROGRAM_FOLDERS = [
  ...new Set(["/usr/bin", ...(process.env.PATH ?? "").split(delimiter).filter(Boolean)]),
];

function output(command, args) {
  const result = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** The names of the functions that a module exports. */
function exportsOf(file) {
  const exports = WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(file)));
  return new Set(exports.filter(({ kind }) => kind === "function").map(({ name }) => name));
}

/** Fails if `_initialize` is missing: such a plugin works, but each call is slower than the last. */
function checkStartUp(file) {
  if (exportsOf(file).has("_initialize")) return;
  throw new Failure(`Cannot use the guest ${basename(file)}: it does not export _initialize`);
}

// ---- Rust ----

const RUST_SOURCES = join(ROOT, "guest/rust");
/** The destination of each package's module. */
const RUST_PLUGINS = {
  conformance: "fixtures/conformance-rust.wasm",
  documents: "fixtures/documents.wasm",
  double: "double.wasm",
  everything: "everything.wasm",
  json_tools: "json-tools.wasm",
  todos: "fixtures/todos-rust.wasm",
};
const RUST_WASI_PROGRAMS = ["listing", "polling", "rights", "standard_library"];
const REFERENCE_RUST = "1.63.0";
const DEBIAN_REGISTRY = "/usr/share/cargo/registry";
const RUST_PACKAGES =
  "rustc cargo lld libstd-rust-dev-wasm32 librust-serde-dev librust-serde-derive-dev " +
  "librust-bincode-dev librust-syn-dev librust-quote-dev librust-proc-macro2-dev " +
  "librust-miniz-oxide-dev librust-pulldown-cmark-dev";
/** Memory is copied by an instruction, as in Rust from 1.87 on; before it is by a loop of the C library. */
const RUST_FEATURES = ["-Ctarget-feature=+bulk-memory"];
/** Newest name first: Rust renamed the target in 1.78. */
const RUST_TARGETS = ["wasm32-wasip1", "wasm32-wasi"];

/** The toolchain with rustc and cargo in `folder`, if it has a WASI target. */
function rustIn(folder) {
  const [rustc, cargo] = [join(folder, "rustc"), join(folder, "cargo")];
  if (!existsSync(rustc) || !existsSync(cargo)) return undefined;
  const version = output(rustc, ["--version"])?.split(" ")[1];
  const target = RUST_TARGETS.find((name) => {
    const library = output(rustc, ["--print", "target-libdir", "--target", name]);
    return library !== undefined && existsSync(library);
  });
  if (version === undefined || target === undefined) return undefined;
  const isReference = version === REFERENCE_RUST;
  return { name: `Rust ${version}`, rustc, cargo, target, isReference };
}

function findRust({ referenceOnly }) {
  const toolchains = PROGRAM_FOLDERS.map(rustIn).filter((found) => found !== undefined);
  const reference = toolchains.find(({ isReference }) => isReference);
  const toolchain = reference ?? (referenceOnly ? undefined : toolchains[0]);
  if (toolchain !== undefined) return toolchain;
  const wanted = `Rust${referenceOnly ? ` ${REFERENCE_RUST}` : ""} with a WASI target`;
  throw noToolchain("guest/rust", wanted, RUST_PACKAGES);
}

/**
 * Runs cargo on a copy of a workspace, in `folder`. The copy has a Cargo.lock of its own, since one
 * made by another version of cargo names crates that Debian does not have.
 *
 * @returns The folder of the release builds.
 */
function cargo(toolchain, folder, workspace, args) {
  const sources = join(folder, basename(workspace));
  rmSync(sources, { recursive: true, force: true });
  cpSync(workspace, sources, {
    recursive: true,
    preserveTimestamps: true,
    filter: (path) => !["target", "vectors", "Cargo.lock"].includes(basename(path)),
  });
  const remaps = [
    [sources, "/guest"],
    [DEBIAN_REGISTRY, "/registry"],
    [process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "/cargo"],
  ].map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
  const flags = [...remaps, ...RUST_FEATURES];
  const config = [`target.${toolchain.target}.rustflags=${JSON.stringify(flags)}`];
  if (toolchain.isReference && existsSync(DEBIAN_REGISTRY)) {
    config.push('source.crates-io.replace-with="debian"');
    config.push(`source.debian.directory=${JSON.stringify(DEBIAN_REGISTRY)}`);
  }
  const target = join(folder, "target");
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
        CARGO_TARGET_DIR: target,
        // Of tests, whose builds nobody debugs or repeats: it saves half of their time.
        CARGO_PROFILE_DEV_DEBUG: "0",
        CARGO_INCREMENTAL: "0",
      },
      stdio: "inherit",
    },
  );
  if (result.status !== 0) throw new Failure(`Cannot run cargo ${args.join(" ")}: see above`);
  return join(target, toolchain.target, "release");
}

function buildRust(toolchain, folder) {
  const release = ["build", "--release", "--target", toolchain.target];
  // Only the reference leaves the start-up out, which is what makes this guest an original one.
  const originals = toolchain.isReference ? ["original"] : [];
  const names = [...Object.keys(RUST_PLUGINS), ...originals];
  const packages = names.flatMap((name) => ["--package", name]);
  const built = cargo(toolchain, folder, RUST_SOURCES, [...release, ...packages]);
  const files = Object.entries(RUST_PLUGINS).map(([name, place]) => [
    place,
    join(built, `${name}.wasm`),
  ]);
  for (const [, file] of files) checkStartUp(file);

  cargo(toolchain, folder, WASI_PROGRAMS, release);
  for (const name of RUST_WASI_PROGRAMS) {
    files.push([`fixtures/wasi/${name}.wasm`, join(built, `${name}.wasm`)]);
  }

  cargo(toolchain, folder, join(RUST_SOURCES, "fixtures/lines"), release);
  files.push(["fixtures/lines-rust.wasm", join(built, "lines.wasm")]);

  for (const name of originals) {
    const file = join(built, `${name}.wasm`);
    if (exportsOf(file).has("_initialize")) {
      throw new Failure(`Cannot use the guest ${name}.wasm: it exports _initialize`);
    }
    files.push([`fixtures/${name}.wasm`, file]);
  }
  return new Map(files);
}

/** Whether the sources in a folder have tests. A crate without would only be built anew, for this machine. */
function hasTests(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".rs"))
    .some((name) => readFileSync(join(folder, name), "utf8").includes("#[test]"));
}

function testRust() {
  const examples = Object.keys(RUST_PLUGINS).map((name) => `examples/${name}`);
  const folders = ["plugin", "plugin_macros", ...examples];
  const tested = folders.filter((folder) => hasTests(join(RUST_SOURCES, folder)));
  const packages = tested.flatMap((folder) => ["--package", basename(folder)]);
  cargo(findRust({ referenceOnly: false }), KEPT, RUST_SOURCES, ["test", ...packages]);
}

// ---- C ----

const C_SOURCES = join(ROOT, "guest/c");
const C_WASI_SOURCES = join(WASI_PROGRAMS, "c");
const C_WASI_PROGRAMS = [
  "descriptors",
  "directories",
  "files",
  "limits",
  "links",
  "paths",
  "pointers",
  "positions",
  "posix",
  "rename",
  "stdio",
  "system",
  "times",
];
/**
 * The destination of the module of some sources. A command has `_start`, a plugin is a reactor. Those with
 * debug information have it in a version of DWARF for each source.
 */
const C_MODULES = [
  { folder: C_SOURCES, sources: ["examples/double.c"], place: "double-c.wasm", isCommand: false },
  { folder: C_SOURCES, sources: ["examples/hostile.c"], place: "hostile.wasm", isCommand: false },
  { folder: C_SOURCES, sources: ["examples/pictures.c"], place: "pictures.wasm", isCommand: false },
  {
    folder: C_SOURCES,
    sources: ["examples/words.c"],
    place: "words.wasm",
    isCommand: false,
  },
  { folder: C_SOURCES, sources: ["examples/hazards.c"], place: "hazards.wasm", isCommand: false },
  {
    folder: C_SOURCES,
    sources: ["examples/todos.c"],
    place: "fixtures/todos-c.wasm",
    isCommand: false,
  },
  {
    folder: C_SOURCES,
    sources: ["examples/conformance.c"],
    place: "fixtures/conformance-c.wasm",
    isCommand: false,
  },
  {
    folder: C_SOURCES,
    sources: ["examples/lines.c", "examples/lines-fall.c"],
    place: "fixtures/lines-c.wasm",
    isCommand: false,
    dwarf: [5, 4],
  },
  {
    folder: C_SOURCES,
    sources: ["kernels/numbers.c", "kernels/bytes.c", "kernels/programs.c"],
    place: "fixtures/kernels.wasm",
    isCommand: false,
  },
  { folder: C_SOURCES, sources: ["commands/tool.c"], place: "tool.wasm", isCommand: true },
  ...C_WASI_PROGRAMS.map((name) => ({
    folder: C_WASI_SOURCES,
    sources: [`${name}.c`],
    place: `fixtures/wasi/${name}.wasm`,
    isCommand: true,
  })),
];
const REFERENCE_CLANG = "14.0.6";
const C_PACKAGES = "clang lld wasi-libc libclang-rt-14-dev-wasm32";
const C_TARGET = "--target=wasm32-wasi";
const C_COMPILE_FLAGS = ["-O2", "-flto", "-Wall", "-Wextra", "-Werror", "-I."];
/** No -O here: it makes clang run wasm-opt if that is installed. */
const C_LINK_FLAGS = ["-flto", "-Wl,--strip-all"];
/** Without link-time optimization, which would bring all of it to one version of DWARF. */
const C_DEBUG_FLAGS = [
  ...["-fno-lto", "-mbulk-memory"],
  ...["-gline-tables-only", "-fdebug-compilation-dir=/guest"],
];
const C_PLUGIN_COMPILE_FLAGS = ["-std=c11"];
const C_PLUGIN_LINK_FLAGS = ["-mexec-model=reactor"];
/** How C++ compiles the header and a plugin. In C++ `{0}` leaves fields out, and is as good. */
const CPP_FLAGS = ["-xc++", "-std=c++17", "-Wno-missing-field-initializers", "-fsyntax-only"];

/** The compiler at `clang`, if it has a linker for Wasm, a C library for WASI and a runtime library. */
function clangAt(clang) {
  if (!existsSync(clang)) return undefined;
  const version = /clang version ([\d.]+)/.exec(output(clang, ["--version"]) ?? "")?.[1];
  const parts = [
    "-print-prog-name=wasm-ld",
    "-print-file-name=crt1-reactor.o",
    "-print-libgcc-file-name",
  ].map((question) => output(clang, [C_TARGET, question]) ?? "");
  if (version === undefined || !parts.every((part) => existsSync(part))) return undefined;
  return { name: `clang ${version}`, clang, isReference: version === REFERENCE_CLANG };
}

function findC({ referenceOnly }) {
  const compilers = PROGRAM_FOLDERS.flatMap((folder) => [
    clangAt(join(folder, "clang-14")),
    clangAt(join(folder, "clang")),
  ]).filter((found) => found !== undefined);
  const reference = compilers.find(({ isReference }) => isReference);
  const toolchain = reference ?? (referenceOnly ? undefined : compilers[0]);
  if (toolchain !== undefined) return toolchain;
  const wanted = `clang${referenceOnly ? ` ${REFERENCE_CLANG}` : ""} for WASI`;
  throw noToolchain("guest/c", wanted, C_PACKAGES);
}

function runClang(toolchain, cwd, args, doing) {
  const options = { cwd, stdio: "inherit" };
  const { status } = spawnSync(toolchain.clang, [C_TARGET, ...args], options);
  if (status !== 0) throw new Failure(`Cannot ${doing}: see above`);
}

/** Fails if the library that the crate `plugin` links is not what its source gives. */
function checkStackLibrary(toolchain, folder) {
  const sources = join(RUST_SOURCES, "plugin/stack");
  const object = join(folder, "stack.o");
  runClang(toolchain, sources, ["-c", "-o", object, "stack.s"], "assemble stack.s");
  if (readFileSync(join(sources, "libplugin_stack.a")).includes(readFileSync(object))) return;
  throw new Failure("Cannot use libplugin_stack.a: it is not what stack.s gives; see there");
}

function buildC(toolchain, folder) {
  mkdirSync(folder, { recursive: true });
  if (toolchain.isReference) checkStackLibrary(toolchain, folder);
  const conformance = "examples/conformance.c";
  runClang(toolchain, C_SOURCES, [...C_COMPILE_FLAGS, ...CPP_FLAGS, conformance], "compile as C++");

  const files = C_MODULES.map(({ folder: sourceFolder, sources, place, isCommand, dwarf }) => {
    const clang = (args, doing) => runClang(toolchain, sourceFolder, args, doing);
    const compileFlags = [...C_COMPILE_FLAGS, ...(isCommand ? [] : C_PLUGIN_COMPILE_FLAGS)];
    const linkFlags = [
      ...(dwarf === undefined ? C_LINK_FLAGS : []),
      ...(isCommand ? [] : C_PLUGIN_LINK_FLAGS),
    ];
    const file = join(folder, "c", place);
    const objects = sources.map((source, index) => {
      const object = join(dirname(file), `${basename(source, ".c")}.o`);
      mkdirSync(dirname(object), { recursive: true });
      const path = relative(ROOT, join(sourceFolder, source));
      const debugFlags = dwarf === undefined ? [] : [...C_DEBUG_FLAGS, `-gdwarf-${dwarf[index]}`];
      clang([...compileFlags, ...debugFlags, "-c", "-o", object, source], `compile ${path}`);
      return object;
    });
    clang([...linkFlags, "-o", file, ...objects], `link ${place}`);
    if (!isCommand) checkStartUp(file);
    return [place, file];
  });
  return new Map(files);
}

// ---- AssemblyScript ----

const ASSEMBLYSCRIPT_SOURCES = join(ROOT, "guest/assemblyscript");
const ASSEMBLYSCRIPT_PLUGINS = {
  "examples/double.ts": "double-assemblyscript.wasm",
  "examples/conformance.ts": "fixtures/conformance-assemblyscript.wasm",
  "examples/markdown-tools/index.ts": "markdown-tools.wasm",
  "examples/todos.ts": "fixtures/todos-assemblyscript.wasm",
};
const ASSEMBLYSCRIPT_FLAGS = ["-O3s"];
/** With a source map beside the module. */
const ASSEMBLYSCRIPT_DEBUG_FLAGS = ["--debug", "--sourceMap"];
const ASSEMBLYSCRIPT_DEBUG_PLUGINS = {
  "examples/lines.ts": "fixtures/lines-assemblyscript.wasm",
};

/** The compiler of node_modules: it has one version and gives the same bytes everywhere. */
function findAssemblyScript() {
  return { name: `AssemblyScript ${asc.version}`, isReference: true };
}

/** Leaves the sources out of a source map: all of the compiler's library. */
function dropSources(file) {
  const { sourcesContent: _sources, ...map } = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify(map));
}

async function buildAssemblyScript(_toolchain, folder) {
  // Below the root, where its imports are found, and apart from the package's own build.
  const transform = join(KEPT, "assemblyscript");
  const options = { cwd: ASSEMBLYSCRIPT_SOURCES, stdio: "inherit" };
  const { status } = spawnSync(process.execPath, ["build.mjs", transform], options);
  if (status !== 0) throw new Failure("Cannot build the transform for AssemblyScript: see above");

  const files = new Map();
  // In this process: in one of its own the compiler takes most of the time to start.
  const compile = async ([source, place], moreFlags) => {
    const file = join(folder, "assemblyscript", place);
    const flags = ["--transform", join(transform, "index.js"), ...moreFlags, "--outFile", file];
    const { stdout, stderr } = process;
    const args = [source, "--baseDir", ASSEMBLYSCRIPT_SOURCES, ...flags];
    const { error } = await asc.main(args, { stdout, stderr });
    if (error !== null) throw new Failure(`Cannot compile ${source}: ${error.message}, see above`);
    checkStartUp(file);
    files.set(place, file);
  };
  for (const each of Object.entries(ASSEMBLYSCRIPT_PLUGINS))
    await compile(each, ASSEMBLYSCRIPT_FLAGS);
  for (const each of Object.entries(ASSEMBLYSCRIPT_DEBUG_PLUGINS)) {
    await compile(each, ASSEMBLYSCRIPT_DEBUG_FLAGS);
    const [, place] = each;
    const map = `${files.get(place)}.map`;
    dropSources(map);
    files.set(`${place}.map`, map);
  }
  return files;
}

// ---- Steps ----

/** For each language, how to find its toolchain and how to build into a folder. */
const LANGUAGES = [
  { find: findRust, build: buildRust },
  { find: findC, build: buildC },
  { find: findAssemblyScript, build: buildAssemblyScript },
];

async function write({ find, build }) {
  const toolchain = find({ referenceOnly: false });
  for (const [place, built] of await build(toolchain, KEPT)) {
    const file = join(OUTPUT, place);
    mkdirSync(dirname(file), { recursive: true });
    cpSync(built, file);
    console.log(`${relative(ROOT, file)}  ${readFileSync(file).length} bytes`);
  }
  if (!toolchain.isReference) {
    console.warn(
      `Built with ${toolchain.name}: do not commit these, the committed ones are from Debian 12's`,
    );
  }
}

async function check({ find, build }) {
  const toolchain = find({ referenceOnly: true });
  const folder = mkdtempSync(join(tmpdir(), "cloche-guests-"));
  try {
    const files = await build(toolchain, folder);
    const differing = [...files]
      .map(([place, built]) => ({ built, file: join(OUTPUT, place) }))
      .filter(
        ({ built, file }) => !existsSync(file) || !readFileSync(file).equals(readFileSync(built)),
      )
      .map(({ file }) => relative(ROOT, file));
    if (differing.length > 0) {
      throw new Failure(
        `Cannot confirm the committed guests: ${differing.join(", ")} differ from what the sources give, ` +
          "expected the output of node scripts/build-guests.mjs",
      );
    }
    console.log(`${[...files.keys()].join(", ")}: as the sources give them (${toolchain.name})`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkArgument(arg) {
  if (arg === "--check" || arg === "--test") return;
  throw new Failure(`Cannot read the argument "${arg}", expected --check, --test or nothing`);
}

/** The steps that the arguments select. */
function stepsFor(args) {
  if (args.length === 0) return LANGUAGES.map((language) => () => write(language));
  return [
    ...(args.includes("--check") ? LANGUAGES.map((language) => () => check(language)) : []),
    ...(args.includes("--test") ? [testRust] : []),
  ];
}

/** Runs all steps, also after a failure. Returns the exit code. */
async function run(steps) {
  const exitCodes = [];
  for (const step of steps) {
    try {
      await step();
      exitCodes.push(0);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.error(error.message);
      exitCodes.push(error.exitCode);
    }
  }
  return exitCodes.includes(1) ? 1 : Math.max(0, ...exitCodes);
}

const args = process.argv.slice(2);
process.exitCode = (await run([() => args.forEach(checkArgument)])) || (await run(stepsFor(args)));
