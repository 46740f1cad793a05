// Reduces a module with binaryen's wasm-reduce while it fails in the same way.
import { execFile, execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** Each reduction takes a check, and the first minutes are the most effective. */
const MOST_MS = 5 * 60_000;

const ASK = `
  const { readFileSync } = require("node:fs");
  const [address, file] = process.argv.slice(2);
  fetch(address, { method: "POST", body: readFileSync(file) })
    .then((response) => response.text())
    .then(console.log);
`;

/**
 * @param {string} file The module; it is replaced.
 * @param {(bytes: Uint8Array) => Promise<string>} failureOf Describes how a module fails.
 */
export async function shrink(file, failureOf) {
  const program = execFileSync("which", ["wasm-reduce"], { encoding: "utf8" }).trim();
  const server = createServer(async (request, response) => {
    const bytes = new Uint8Array(Buffer.concat(await request.toArray()));
    response.end(await failureOf(bytes));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "cloche-shrink-"));
  const [ask, test, smallest] = ["ask.cjs", "test.wasm", "smallest.wasm"].map((name) =>
    join(folder, name),
  );
  writeFileSync(ask, ASK);
  const command = `${process.execPath} ${ask} http://127.0.0.1:${server.address().port}/ ${test}`;
  const args = [
    ...[file, `--command=${command}`, "--timeout=60", "--binaries", dirname(program)],
    ...["--test", test, "--working", smallest],
  ];
  try {
    await promisify(execFile)(program, args, { timeout: MOST_MS }).catch((error) => {
      if (!error.killed) throw error;
    });
    copyFileSync(smallest, file);
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
