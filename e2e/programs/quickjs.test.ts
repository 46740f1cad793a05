import { ANY_BROWSER, expect, test } from "../harness/test.ts";
import { needs, run, script } from "./programs.ts";

const MOVEMENTS = [
  { article: "bell-jar", amount: 12, cents: 1250, at: "2024-03-01T08:00:00Z" },
  { article: "plate-ÿ", amount: 3, cents: 999_999_999_999, at: "2024-03-04T00:00:00Z" },
  { article: "bell-jar", amount: -5, cents: 1250, at: "2024-03-02T10:30:00.250Z" },
  { article: "hook", amount: -1, cents: 75, at: "2024-01-01T00:00:00Z" },
];

test.describe("QuickJS", () => {
  test.beforeEach(() => needs("quickjs"));

  test("turns one JSON file into another", async ({ harness }) => {
    const { exitCode, stdout, stderr, written } = await run(harness, "quickjs", {
      args: ["quickjs", "/inventory.js", "/in/movements.json", "/out/stocks.json"],
      files: {
        "inventory.js": script("inventory.js"),
        in: { "movements.json": JSON.stringify(MOVEMENTS) },
        out: {},
      },
    });
    expect(stderr).toBe("");
    expect(stdout).toBe("3 articles, 4 movements\nbell-Jar=7 plate-Ÿ=3 hook=-1\n");
    expect(exitCode).toBe(5);
    expect(written["stocks.json.count"]).toBe("3\n");
    expect(JSON.parse(written["stocks.json"] ?? "")).toEqual({
      stocks: [
        {
          article: "bell-jar",
          stock: 7,
          value: "8750",
          last: "2024-03-02T10:30:00.250Z",
          label: "bell-Jar",
        },
        {
          article: "plate-ÿ",
          stock: 3,
          value: "2999999999997",
          last: "2024-03-04T00:00:00.000Z",
          label: "plate-Ÿ",
        },
        {
          article: "hook",
          stock: -1,
          value: "-75",
          last: "2024-01-01T00:00:00.000Z",
          label: "hook",
        },
      ],
    });
  });

  test("reports an uncaught error on stderr and exits with 1", ANY_BROWSER, async ({ harness }) => {
    const fail = (text: string) =>
      run(harness, "quickjs", { args: ["quickjs", "/fail.js"], files: { "fail.js": text } });
    const missing = await fail("function read() {\n  std.loadFile('/missing.txt');\n}\nread();\n");
    expect(missing.stderr).toContain("Error: Cannot open /missing.txt: errno 44\n");
    expect(missing.stderr).toContain("at read (/fail.js:2:");
    const syntax = await fail("const = 1;\n");
    expect(syntax.stderr).toContain("SyntaxError: ");
    expect([missing.exitCode, syntax.exitCode]).toEqual([1, 1]);
  });

  test("times out in an endless loop", async ({ harness }) => {
    const endless = run(harness, "quickjs", {
      args: ["quickjs", "/endless.js"],
      files: { "endless.js": "for (;;);\n" },
      timeoutMs: 500,
    });
    await expect(endless).rejects.toThrow(/PluginTimeoutError: .* timed out after/);
  });
});
