import { describe, expect, it } from "vitest";
import { fetchAddress } from "./fetch-address.ts";

describe("fetchAddress", () => {
  it("reads a file", async () => {
    const response = await fetchAddress(import.meta.url, new AbortController().signal);
    expect(await response.text()).toContain("reads a file");
  });

  it("rejects with the reason when it is aborted before the file is open", async () => {
    const reason = new Error("changed my mind");
    await expect(fetchAddress(import.meta.url, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
