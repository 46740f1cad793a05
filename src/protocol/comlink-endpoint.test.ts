import { transferHandlers } from "comlink";
import { expect, test, vi } from "vitest";
import { guardedEndpoint, installTransferHandlers } from "./comlink-endpoint.ts";
import { THROW_HANDLER } from "./messages.ts";

test("handlers are installed once, however many plugins a page has had", () => {
  installTransferHandlers();
  const installed = transferHandlers.get(THROW_HANDLER);
  installTransferHandlers();
  expect(transferHandlers.get(THROW_HANDLER)).toBe(installed);
});

test("a message to a closed guard is not deserialized", () => {
  let listener: (event: MessageEvent<unknown>) => void = () => {};
  let isClosed = false;
  const guard = { admits: () => false, isClosed: () => isClosed };
  guardedEndpoint(
    { postMessage: () => {}, addEventListener: (_, added) => (listener = added) },
    guard,
  );
  const event = new MessageEvent("message");
  const look = vi.spyOn(event, "data", "get");
  listener(event);
  isClosed = true;
  listener(event);
  expect(look).toHaveBeenCalledTimes(1);
});
