import { describe, expect, test } from "vitest";
import { isChannelHandover, isFrameNotice } from "./frame-messages.ts";

describe("a message of a frame", () => {
  test("is a notice only in one of its shapes", () => {
    expect(isFrameNotice({ notice: "alive" })).toBe(true);
    expect(isFrameNotice({ notice: "failed", message: "no such luck" })).toBe(true);
    expect(isFrameNotice({ notice: "failed", message: { toString: "no" } })).toBe(false);
    expect(isFrameNotice({ notice: "failed" })).toBe(false);
    expect(isFrameNotice({ notice: "ready" })).toBe(false);
    expect(isFrameNotice(["alive"])).toBe(false);
    expect(isFrameNotice(null)).toBe(false);
  });

  test("passes a channel on only if it contains one", () => {
    const { port1, port2 } = new MessageChannel();
    expect(isChannelHandover({ channel: port1 })).toBe(true);
    expect(isChannelHandover({ id: "1", type: "APPLY" })).toBe(false);
    expect(isChannelHandover(port2)).toBe(false);
    expect(isChannelHandover(undefined)).toBe(false);
  });
});
