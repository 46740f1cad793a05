// Compiles src/rewrite/assembly, which rewrites code in Wasm, and writes it as text next to it. With
// --check it only compares, and fails if they differ.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createMemoryStream, main } from "assemblyscript/asc";

const root = resolve(import.meta.dirname, "..");
const target = join(root, "src/rewrite/code-rewriter-wasm.ts");

const binary = await compile();
const text = `/** \`assembly/index.ts\`, compiled by \`scripts/build-code-rewriter.mjs\`, in base64. */
export const CODE_REWRITER =
  "${Buffer.from(binary).toString("base64").replace(/=+$/, "")}";
`;
if (!process.argv.includes("--check")) writeFileSync(target, text);
else if (readFileSync(target, "utf8") !== text) {
  throw new Error(`${target} is not what src/rewrite/assembly compiles to (npm run code-rewriter)`);
}

async function compile() {
  let binary;
  const stderr = createMemoryStream();
  const { error } = await main(
    [
      "src/rewrite/assembly/index.ts",
      ...["--runtime", "stub", "--use", "abort=", "--noAssert", "--initialMemory", "1"],
      ...["-O3", "--converge", "--outFile", "code-rewriter.wasm"],
    ],
    {
      readFile: (name, base) => {
        try {
          return readFileSync(resolve(root, base, name), "utf8");
        } catch {
          return null;
        }
      },
      writeFile: (_name, contents) => {
        binary = contents;
      },
      listFiles: () => [],
      stderr,
    },
  );
  if (error !== null) throw new Error(`Cannot compile src/rewrite/assembly:\n${stderr.toString()}`);
  return binary;
}
