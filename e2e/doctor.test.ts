import { expect, ISOLATED, openHarnessUnder, PLAIN, test } from "./harness/test.ts";

test("an isolated page has all that plugins make use of", async ({ harnessAt }) => {
  const harness = await harnessAt(ISOLATED);
  const diagnosis = await harness.evaluate(() => window.cloche.doctor({ isolation: "worker" }));
  expect(diagnosis).toMatchObject({
    canLoad: true,
    interruption: "epoch",
    lane: "shared-memory",
    blocking: "jspi",
  });
  expect(diagnosis.findings.filter(({ isThere }) => !isThere)).toEqual([]);
});

test("a page without isolation hears of the headers", async ({ harnessAt }) => {
  const harness = await harnessAt(PLAIN);
  const diagnosis = await harness.evaluate(() => window.cloche.doctor({ isolation: "worker" }));
  expect(diagnosis).toMatchObject({ canLoad: true, interruption: "fuel", lane: "messages" });
  expect(diagnosis.text).toContain("no   shared memory: the page is not cross-origin isolated");
  expect(diagnosis.text).toContain("Cross-Origin-Embedder-Policy: require-corp");
});

test("a strictly isolated plugin has no shared memory, whatever the page", async ({
  harnessAt,
}) => {
  const harness = await harnessAt(ISOLATED);
  const diagnosis = await harness.evaluate(() => window.cloche.doctor({ isolation: "strict" }));
  expect(diagnosis).toMatchObject({ canLoad: true, interruption: "fuel", lane: "messages" });
});

test("a policy that forbids workers is told, with the line to add", async ({ page }) => {
  await openHarnessUnder(page, "worker-src 'none'");
  const { canLoad, interruption, text } = await page.evaluate(() =>
    window.cloche.doctor({ isolation: "worker" }),
  );
  expect([canLoad, interruption]).toEqual([false, undefined]);
  expect(text).toContain("allow blob: in worker-src");
});

test("a wrong option is a TypeError", async ({ harness }) => {
  const message = await harness.evaluate(async () => {
    const { message } = await window.rejection(
      window.cloche.doctor({ isolation: "none" as never }),
    );
    return message;
  });
  expect(message).toContain("Invalid options.isolation");
});
