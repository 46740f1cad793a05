/**
 * WASI preview 1 as the browser's guests find it. The programs of `wasi/programs` make its calls, well
 * and badly, and tell a line for each check; `scripts/build-guests.mjs` builds them to where every
 * guest is served from.
 */

import type { Page } from "@playwright/test";
import type { CommandOptions, CommandResult } from "cloche";
import { expect, ISOLATED, JSPI_ON_PAGES, PAGE_ONLY, PLAIN, test } from "./harness/test.ts";

/** What a page can be asked to run a program with. */
type Options = Pick<CommandOptions, "args" | "env" | "limits" | "blocking" | "terminal"> & {
  stdin?: string;
};
type Outcome = Pick<CommandResult, "exitCode" | "stdout" | "stderr">;

/** Runs a program; with `stdinAfterMs` it has to ask the page for what it reads, and to wait for it. */
function run(
  page: Page,
  name: string,
  options: Options = {},
  stdinAfterMs?: number,
): Promise<Outcome> {
  return page.evaluate(
    async ({ name, options, stdinAfterMs }) => {
      const chunks = [options.stdin ?? null, null];
      const answer = async () => {
        await new Promise((resolve) => setTimeout(resolve, stdinAfterMs));
        return chunks.shift() ?? null;
      };
      const stdin = stdinAfterMs === undefined ? (options.stdin ?? "") : answer;
      const address = `/plugins/fixtures/wasi/${name}.wasm`;
      const { exitCode, stdout, stderr } = await window.cloche.runCommand(address, {
        ...options,
        stdin,
      });
      return { exitCode, stdout, stderr };
    },
    { name, options, stdinAfterMs },
  );
}

/** Makes a step of each line that a program told. A program that ended early lacks the last line. */
async function expectAllOk({ exitCode, stdout }: Outcome): Promise<void> {
  const lines = stdout.trimEnd().split("\n");
  const summary = lines.pop();
  for (const line of lines) {
    await test.step(line, () => expect.soft(line).toMatch(/^ok /));
  }
  expect(summary).toBe(`${lines.length} checks, 0 failed`);
  expect(exitCode).toBe(0);
}

const STDLIB: Options = {
  args: ["standard_library", "argument"],
  env: { NAME: "value" },
  stdin: "one\ntwo\n",
};

const PROGRAMS: readonly [name: string, options?: Options][] = [
  ["descriptors"],
  ["directories"],
  ["files"],
  ["limits", { limits: { fileBytes: 1_048_576, inodes: 500 } }],
  ["links"],
  ["listing"],
  ["paths"],
  ["pointers", { args: ["pointers"], env: { NAME: "value" } }],
  ["positions"],
  ["posix"],
  ["rename"],
  ["rights"],
  ["standard_library", STDLIB],
  ["system"],
  ["times"],
];

for (const [name, options] of PROGRAMS) {
  test(`the program ${name} passes every check`, async ({ harness }) => {
    await expectAllOk(await run(harness, name, options));
  });
}

test("the program stdio passes every check, and its standard error arrives", async ({
  harness,
}) => {
  const outcome = await run(harness, "stdio", {
    args: ["stdio", "", "two words", "ü🙂"],
    env: { A: "text", B: "1=2", C: "" },
    stdin: "line one\nline two",
    terminal: { stdin: true },
  });
  await expectAllOk(outcome);
  expect(outcome.stderr).toBe("written\nmoved\n");
});

test("proc_exit takes any code", async ({ harness }) => {
  const codes = ["0", "1", "126", "255", "4294967295"];
  const outcomes = await Promise.all(
    codes.map((code) => run(harness, "system", { args: ["system", code] })),
  );
  expect(outcomes.map(({ exitCode }) => String(exitCode))).toEqual(codes);
});

for (const [where, address, details] of [
  ["an isolated page", ISOLATED, {}],
  ["a page that is not isolated", PLAIN, PAGE_ONLY],
] as const) {
  test.describe(`on ${where}`, details, () => {
    test.use({ address });

    test("the program polling passes every check, by blocking", async ({ harness }) => {
      await expectAllOk(await run(harness, "polling", { stdin: "0123456789abc" }));
    });

    test(
      "the program polling passes every check, by suspending for a page's standard input",
      JSPI_ON_PAGES,
      async ({ harness }) => {
        const options: Options = { stdin: "0123456789abc", blocking: "jspi" };
        await expectAllOk(await run(harness, "polling", options, 0));
      },
    );

    test(
      "a wait for a page's standard input ends at its timeout or with the input",
      JSPI_ON_PAGES,
      async ({ harness }) => {
        const options: Options = { args: ["polling", "slow"], stdin: "late", blocking: "jspi" };
        await expectAllOk(await run(harness, "polling", options, 500));
      },
    );

    test("clocks and standard libraries work", async ({ harness }) => {
      await expectAllOk(await run(harness, "system"));
      await expectAllOk(await run(harness, "posix"));
      await expectAllOk(await run(harness, "standard_library", STDLIB));
    });
  });
}

test("the program polling passes every check, by shared memory for a page's standard input", async ({
  harness,
}) => {
  const options: Options = { stdin: "0123456789abc", blocking: "shared-memory" };
  await expectAllOk(await run(harness, "polling", options, 0));
  const slow: Options = { ...options, args: ["polling", "slow"], stdin: "late" };
  await expectAllOk(await run(harness, "polling", slow, 500));
});
