import { createHash } from "node:crypto";
import { ANY_BROWSER, expect, ISOLATED, PLAIN, test } from "../harness/test.ts";
import { needs, run, script } from "./programs.ts";

const RATES = '{ "EUR": "1", "USD": "0.92", "GBP": "1.17" }\n';
const MARCH = "customer,amount,currency\nAda,19.99,EUR\nGrace,250.00,USD\nÉmilie,7.10,GBP\n";
const APRIL = 'customer,amount,currency\n"Ada",0.01,EUR\nGrace,50.60,GBP\n"Hopper, G.",3.00,EUR\n';

test.describe("Python", () => {
  test.beforeEach(() => needs("python"));

  test("adds up files, hashes a tree and writes a report", ANY_BROWSER, async ({ harness }) => {
    const result = await run(harness, "python", {
      args: ["python", "/orders.py", "/data", "/out/new"],
      env: { GREETING: "thank you" },
      files: {
        "orders.py": script("orders.py"),
        data: { "rates.json": RATES, orders: { "03.csv": MARCH, "04.csv": APRIL } },
      },
    });
    expect(result.stderr).toBe("");
    expect(result.stdout).toBe("6 orders of 4 customers\nthank you, Grace\n");
    expect(result.exitCode).toBe(3);
    expect(Object.keys(result.written).sort()).toEqual(["new/report.json", "new/totals.csv"]);
    expect(result.written["new/totals.csv"]).toBe(
      'customer,total\r\nGrace,289.20\r\nAda,20.00\r\nÉmilie,8.31\r\n"Hopper, G.",3.00\r\n',
    );
    const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
    expect(JSON.parse(result.written["new/report.json"] ?? "")).toEqual({
      orders: 6,
      sha256: {
        "rates.json": sha256(RATES),
        "orders/03.csv": sha256(MARCH),
        "orders/04.csv": sha256(APRIL),
      },
    });
  });

  test(
    "runs a script from standard input that is text, not a terminal",
    ANY_BROWSER,
    async ({ harness }) => {
      const { exitCode, stdout, stderr } = await run(harness, "python", {
        args: ["python"],
        stdin: "for i in range(3):\n    print(i)\nprint('end')\n",
        files: {},
      });
      expect([exitCode, stdout, stderr]).toEqual([0, "0\n1\n2\nend\n", ""]);
    },
  );

  test(
    "reports an uncaught exception on stderr and exits with 1",
    ANY_BROWSER,
    async ({ harness }) => {
      const { exitCode, stderr } = await run(harness, "python", {
        args: ["python", "/fail.py"],
        files: { "fail.py": "def read():\n    open('/missing.txt')\n\nread()\n" },
      });
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        /^Traceback \(most recent call last\):\n {2}File "\/fail\.py", line 4/,
      );
      expect(stderr).toContain("FileNotFoundError: [Errno 44] No such file or directory");
    },
  );

  test("times out in an endless loop", ANY_BROWSER, async ({ harness }) => {
    const endless = run(harness, "python", {
      args: ["python", "-c", "while True: pass"],
      files: {},
      timeoutMs: 1500,
    });
    await expect(endless).rejects.toThrow(/PluginTimeoutError: .* timed out after/);
  });

  // On one page, for which it is compiled once. In Firefox, where it waits in one way, that is one without isolation.
  for (const [blocking, details] of [
    ["jspi", {}],
    ["shared-memory", ANY_BROWSER],
  ] as const) {
    test(
      `asks a function on the page for lines, waiting by ${blocking}`,
      details,
      async ({ browserName, harnessAt }) => {
        const harness = await harnessAt(browserName === "firefox" ? PLAIN : ISOLATED);
        const result = await run(harness, "python", {
          args: ["python", "/greet.py"],
          files: { "greet.py": script("greet.py") },
          lines: ["Ada\n", "Émilie\n"],
          blocking,
        });
        const [first, second] = ["name? ", "name? hello Ada\nname? "];
        const third = `${second}hello Émilie\nname? `;
        expect(result.heardWhenAsked).toEqual([first, second, third]);
        expect(result).toMatchObject({
          exitCode: 0,
          stdout: "hello Ada\nhello Émilie\n",
          // Python prompts there on a terminal.
          stderr: "name? name? name? bye to 2\n",
        });
      },
    );
  }
});
