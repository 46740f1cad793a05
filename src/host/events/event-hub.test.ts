import { describe, expect, test } from "vitest";
import { PluginLimitError, PluginTimeoutError } from "../../errors.ts";
import { watchHostCall } from "./call-watch.ts";
import { ALL_EVENT_TYPES, EventHub } from "./event-hub.ts";
import type { PluginEvent } from "./plugin-event.ts";

const END = { type: "close", reason: { kind: "closed" } } as const;
const delivered = () => new Promise((resolve) => setTimeout(resolve));

describe("an event hub", () => {
  test("makes no events without listeners, also after the last one is removed", async () => {
    const hub = new EventHub();
    const remove = hub.add(["callEnd"], () => {});
    expect([hub.hears("callEnd"), hub.hearsCalls, hub.hears("close")]).toEqual([true, true, false]);
    remove();
    expect([hub.hears("callEnd"), hub.hearsCalls]).toEqual([false, false]);
    expect(watchHostCall(hub, "f", [])).toBeUndefined();
  });

  test("tells of events later and in order, and not those whom a listener has removed", async () => {
    const hub = new EventHub();
    const told: string[] = [];
    let removeSecond = () => {};
    hub.add(ALL_EVENT_TYPES, ({ type }) => {
      told.push(`first ${type}`);
      if (type === "close") removeSecond();
    });
    removeSecond = hub.add(["limit", "close"], ({ type }) => void told.push(`second ${type}`));
    hub.emit({ type: "limit", limit: "fuel", allowed: 1 });
    hub.emit(END);
    expect(told).toEqual([]);
    await delivered();
    expect(told).toEqual(["first limit", "second limit", "first close"]);
  });

  test("tells of an event that a listener causes after those that wait", async () => {
    const hub = new EventHub();
    const told: string[] = [];
    hub.add(ALL_EVENT_TYPES, ({ type }) => {
      told.push(type);
      if (type === "limit") hub.emit(END);
    });
    hub.emit({ type: "limit", limit: "fuel", allowed: 1 });
    hub.emit({ type: "input", bytes: new Uint8Array() });
    await delivered();
    expect(told).toEqual(["limit", "input", "close"]);
  });

  test("tells once of each limit that an error is about", async () => {
    const hub = new EventHub();
    const told: PluginEvent[] = [];
    hub.add(["limit"], (event) => void told.push(event));
    const exceeded = [
      { limit: "types", value: 3, allowed: 2 },
      { limit: "imports", value: 2, allowed: 1 },
    ];
    const errors = [
      new PluginLimitError("", { pluginName: "p", exceeded }),
      new PluginTimeoutError("", { pluginName: "p", timeoutMs: 5 }),
      new Error("no limit"),
    ];
    for (const error of [...errors, ...errors]) hub.emitLimitOf(error);
    await delivered();
    expect(told).toMatchObject([
      { type: "limit", limit: "types", allowed: 2 },
      { type: "limit", limit: "imports", allowed: 1 },
      { type: "limit", limit: "callMs", allowed: 5 },
    ]);
  });
});
