import { documents, examplesOf } from "./examples/examples.ts";
import { expect, ISOLATED, openHarness, openHarnessUnder, PLAIN, test } from "./harness/test.ts";

for (const document of documents()) {
  const examples = examplesOf(document).filter(
    ({ isTypesOnly, isOfNode }) => !isTypesOnly && !isOfNode,
  );
  if (examples.length === 0) continue;
  test(`the examples of ${document} do what they say`, async ({ tab }) => {
    const uncaught: string[] = [];
    const onUncaught = ({ message }: Error) => void uncaught.push(message);
    tab.on("pageerror", onUncaught);
    let opened = "";
    for (const { name, line, policy, needsIsolation } of examples) {
      const place = `${document}:${line}`;
      await test.step(place, async () => {
        const address = needsIsolation ? ISOLATED : PLAIN;
        if (policy !== undefined) await openHarnessUnder(tab, policy);
        else if (opened !== address) await openHarness(tab, address);
        opened = policy ?? address;
        const failure = await tab.evaluate((name) => window.runExample(name), name);
        expect(failure, place).toBeUndefined();
        expect(uncaught, place).toEqual([]);
      });
    }
    tab.off("pageerror", onUncaught);
  });
}
