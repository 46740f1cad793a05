import { expect, test } from "vitest";
import { addressOf, pages } from "./pages.ts";
import { GROUPS } from "./sidebar.ts";

test("the sidebar lists pages that exist, each once", () => {
  const listed = Object.values(GROUPS).flat();
  expect(listed.toSorted()).toEqual(pages());
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
