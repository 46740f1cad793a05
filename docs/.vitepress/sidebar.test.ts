import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../e2e/examples/examples.ts";
import { addressOf, pages } from "./pages.ts";
import { GROUPS, unlistedPages } from "./sidebar.ts";

test("the sidebar lists every page", () => {
  expect(unlistedPages()).toEqual([]);
});

test("the sidebar lists pages that exist, each once", () => {
  const listed = Object.values(GROUPS).flat();
  expect(listed.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  expect(listed).toHaveLength(new Set(listed).size);
});

test("each page has an address of its own", () => {
  const addresses = pages().map(addressOf);
  expect(addresses).toHaveLength(new Set(addresses).size);
  expect(addressOf("docs/README.md")).toBe("index");
  expect(addressOf("docs/calls.md")).toBe("calls");
  expect(addressOf("docs/decisions/host.md")).toBe("design/host");
  expect(addressOf("guest/rust/README.md")).toBe("sdk/rust");
  expect(addressOf("packages/cli/README.md")).toBe("packages/cli");
  expect(addressOf("SECURITY.md")).toBe("security");
  expect(addressOf("build/api/cloche.md")).toBe("api/cloche");
});
