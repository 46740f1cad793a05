import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadPlugin } from "cloche";

const plugin = await loadPlugin(
  fileURLToPath(new URL("../build/PLUGIN_NAME.wasm", import.meta.url)),
);

after(() => plugin.close());

test("doubles each number", async () => {
  assert.deepEqual(await plugin.api.double([1, 2, 3]), [2, 4, 6]);
});

test("greets by name", async () => {
  assert.equal(await plugin.api.greet("Ada"), "Hello, Ada!");
});
