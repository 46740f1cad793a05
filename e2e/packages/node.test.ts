/** The packed library in the versions of Node. */

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../examples/examples.ts";
import { ALLOC, FREE, guest, MEMORY } from "../harness/hand-made-guest.ts";
import { expect, test } from "../harness/test.ts";
import { needsTools, PackedProjects, TOOLS } from "./packed-project.ts";

/** Computes for some 100 ms. */
const SLOW = Uint8Array.from(
  guest(
    MEMORY,
    ALLOC,
    FREE,
    `(func (export "__slow") (param i64) (result i64) (local $n i32)
      (local.set $n (i32.const 50000000))
      (loop $turn (br_if $turn (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (i64.const 0))`,
  ),
);

let projects: PackedProjects;
let project: string;

test.beforeAll(() => {
  projects = new PackedProjects();
  project = projects.create("node");
  cpSync(join(ROOT, "public/plugins"), join(project, "plugins"), { recursive: true });
  writeFileSync(join(project, "plugins/slow.wasm"), SLOW);
});
test.afterAll(() => projects.remove());

function runScript(node: string): string {
  const options = { cwd: project, encoding: "utf8", timeout: 20_000 } as const;
  return execFileSync(node, ["script.mjs"], options);
}

test("the packed library runs in this Node, and what is idle lets the process end", () => {
  expect(runScript(process.execPath)).toBe("42,42\nafter the call\n");
});

test.describe(() => {
  needsTools();

  for (const version of ["node-22", "node-24"]) {
    test(`the packed library runs in ${version}, and what is idle lets the process end`, () => {
      const node = join(TOOLS, version, "bin/node");
      test.skip(!existsSync(node), "the tools have Node for Linux on x64 only");
      expect(runScript(node)).toBe("42,42\nafter the call\n");
    });
  }
});
