import { describe, expect, test } from "vitest";
import { fragmentOfState, stateOfFragment } from "./share-fragment.ts";
import { readShareState, type ShareState } from "./share-state.ts";

const STATE: ShareState = {
  entry: "words",
  functionName: "shout",
  argumentsJson: '["hey", 2]',
  files: { "words.txt": { text: "one two" }, "raw/a.bin": { base64: "AAE=" } },
  source: { language: "typescript", text: "export function f(): void {}" },
};

async function fragmentOfText(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = Buffer.from(await new Response(stream).arrayBuffer());
  return `#share=${bytes.toString("base64url")}`;
}

test("a state survives its fragment", async () => {
  expect(await stateOfFragment(await fragmentOfState(STATE))).toEqual(STATE);
});

describe("a fragment of somebody else is refused", () => {
  test.each([
    ["that is empty", ""],
    ["of another page", "#live"],
    ["that is no base 64", "#share=%%%"],
    ["that is not compressed", "#share=aGVsbG8"],
    ["that is too long", `#share=${"A".repeat(70_000)}`],
  ])("%s", async (_what, fragment) => {
    expect(await stateOfFragment(fragment)).toBeUndefined();
  });

  test("that is no JSON", async () => {
    expect(await stateOfFragment(await fragmentOfText("{"))).toBeUndefined();
  });

  test("that unpacks to more than is allowed", async () => {
    const bomb = await fragmentOfText(`{"entry":"${"a".repeat(5_000_000)}"}`);
    expect(bomb.length).toBeLessThan(60_000);
    expect(await stateOfFragment(bomb)).toBeUndefined();
  });
});

describe("a state is refused", () => {
  test.each([
    ["without an entry", {}],
    ["that is a list", [STATE]],
    ["with an entry that is no text", { entry: 1 }],
    ["with a name that is too long", { entry: "a".repeat(201) }],
    ["with arguments that are no text", { entry: "a", argumentsJson: [1] }],
    ["with a path that leads out", { entry: "a", files: { "../x": { text: "" } } }],
    ["with a file that is a number", { entry: "a", files: { x: 1 } }],
    ["with bytes that are no base 64", { entry: "a", files: { x: { base64: "<>" } } }],
    ["with a source without a language", { entry: "a", source: { text: "" } }],
  ])("%s", (_what, state) => {
    expect(readShareState(state)).toBeUndefined();
  });

  test("but what it does not know is dropped", () => {
    expect(readShareState({ entry: "a", more: true })).toEqual({ entry: "a" });
  });
});
