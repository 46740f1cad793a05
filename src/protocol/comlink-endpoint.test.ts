import { transferHandlers } from "comlink";
import { expect, test } from "vitest";
import { installTransferHandlers } from "./comlink-endpoint.ts";
import { THROW_HANDLER } from "./messages.ts";

test("handlers are installed once, however many plugins a page has had", () => {
  installTransferHandlers();
  const installed = transferHandlers.get(THROW_HANDLER);
  installTransferHandlers();
  expect(transferHandlers.get(THROW_HANDLER)).toBe(installed);
});
