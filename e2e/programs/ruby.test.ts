import { createHash } from "node:crypto";
import { ANY_BROWSER, expect, test } from "../harness/test.ts";
import { needs, run, script } from "./programs.ts";

test.describe("Ruby", () => {
  test.beforeEach(() => needs("ruby"));

  test("makes an index of a tree of texts", ANY_BROWSER, async ({ harness }) => {
    const { exitCode, stdout, stderr, written } = await run(harness, "ruby", {
      args: ["ruby", "/index.rb", "/texts", "/out/deep/er"],
      env: { GREETING: "hello" },
      files: {
        "index.rb": script("index.rb"),
        texts: {
          "one.txt": "Under the glass\nthe bell, the BELL\n",
          "skipped.md": "the",
          more: { "two.txt": "A bell of glass: Été, e\u0301te\u0301\n" },
        },
      },
    });
    const page =
      "<ul>\n  <li>bell: 3</li>\n  <li>the: 3</li>\n  <li>glass: 2</li>\n  <li>été: 2</li>\n</ul>\n";
    const sha256 = createHash("sha256").update(page).digest("hex");
    expect(stderr).toBe("");
    expect(stdout).toBe(`7 words in 2 texts\n${sha256}\nhello, Ruby 3.4.1 on wasm32-wasi\n`);
    expect(exitCode).toBe(4);
    expect(written["deep/er/frequent.html"]).toBe(page);
    expect(JSON.parse(written["deep/er/index.json"] ?? "")).toEqual({
      a: { "more/two.txt": [1] },
      bell: { "more/two.txt": [1], "one.txt": [2, 2] },
      glass: { "more/two.txt": [1], "one.txt": [1] },
      of: { "more/two.txt": [1] },
      the: { "one.txt": [1, 2, 2] },
      under: { "one.txt": [1] },
      été: { "more/two.txt": [1, 1] },
    });
  });

  test(
    "reports an uncaught exception on stderr and exits with 1",
    ANY_BROWSER,
    async ({ harness }) => {
      const { exitCode, stderr } = await run(harness, "ruby", {
        args: ["ruby", "/fail.rb"],
        files: { "fail.rb": "def read = File.read('/missing.txt')\nread\n" },
      });
      expect(stderr).toContain("/fail.rb:1:in 'IO.read': No such file or directory");
      expect(stderr).toContain("(Errno::ENOENT)");
      expect(stderr).toContain("from /fail.rb:2:in '<top (required)>'");
      expect(exitCode).toBe(1);
    },
  );

  test("times out in an endless loop", ANY_BROWSER, async ({ harness }) => {
    const endless = run(harness, "ruby", {
      args: ["ruby", "/endless.rb"],
      files: { "endless.rb": "loop {}\n" },
      timeoutMs: 1500,
    });
    await expect(endless).rejects.toThrow(/PluginTimeoutError: .* timed out after/);
  });

  // On one page, for which it is compiled once.
  for (const [blocking, details] of [
    ["jspi", ANY_BROWSER],
    ["shared-memory", {}],
  ] as const) {
    test(
      `asks a function on the page for lines, waiting by ${blocking}`,
      details,
      async ({ harness }) => {
        const result = await run(harness, "ruby", {
          args: ["ruby", "/greet.rb"],
          files: { "greet.rb": script("greet.rb") },
          lines: ["Ada\n", "Émilie\n"],
          blocking,
        });
        const [first, second] = ["name? ", "name? hello Ada\nname? "];
        const third = `${second}hello Émilie\nname? `;
        expect(result.heardWhenAsked).toEqual([first, second, third]);
        expect(result).toMatchObject({ exitCode: 0, stdout: third, stderr: "bye to 2\n" });
      },
    );
  }
});
