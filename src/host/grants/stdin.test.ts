import { describe, expect, test, vi } from "vitest";
import { openStdin, type StdinChunk, type StdinSource } from "./stdin.ts";

const isOpen = () => false;

const turns = (ms = 20) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

/** Opens a source that the page is asked for. */
function opened(source: StdinSource) {
  const { read, close } = openStdin(source);
  if (read === undefined) throw new Error("it is not asked for");
  const readText = async (isClosed = isOpen) => new TextDecoder().decode(await read(isClosed));
  return { read, readText, close };
}

describe("a standard input on the page", () => {
  test.each<[string, () => StdinSource]>([
    [
      "a function",
      () => {
        const pieces: StdinChunk[] = ["one", "", new Uint8Array([50]), null];
        return () => pieces.shift() ?? null;
      },
    ],
    [
      "a stream",
      () =>
        new ReadableStream<string | Uint8Array>({
          start(controller) {
            for (const chunk of ["one", "", new Uint8Array([50])]) controller.enqueue(chunk);
            controller.close();
          },
        }),
    ],
  ])("that is %s comes in its pieces, none of them empty but the end", async (_what, source) => {
    const { readText } = opened(source());
    expect([await readText(), await readText(), await readText()]).toEqual(["one", "2", ""]);
  });

  test("that has nothing but empty pieces leaves the page its turns, and is asked no more after the end", async () => {
    const source = vi.fn<() => StdinChunk>(() => "");
    let isClosed = false;
    const reading = opened(source).read(() => isClosed);
    await turns();
    isClosed = true;
    await reading;
    const times = source.mock.calls.length;
    await turns();
    expect([times > 1, source.mock.calls.length]).toEqual([true, times]);
  });

  test("goes whole to the instance after one that died while it waited for it", async () => {
    let give: (piece: StdinChunk) => void = () => {};
    const source = vi.fn(() => new Promise<StdinChunk>((resolve) => (give = resolve)));
    const { read } = opened(source);
    let isDead = false;
    const first = read(() => isDead);
    isDead = true;
    const second = read(isOpen);
    give(new Uint8Array(8192));
    const dropped = await first;
    structuredClone(dropped, { transfer: [dropped.buffer as ArrayBuffer] });
    expect([(await second).length, source.mock.calls.length]).toEqual([8192, 1]);
  });

  test("that is an empty piece is asked for again by whoever waits after one that died", async () => {
    const gives: ((piece: StdinChunk) => void)[] = [];
    const { read, readText } = opened(() => new Promise<StdinChunk>((give) => gives.push(give)));
    let isDead = false;
    const first = read(() => isDead);
    isDead = true;
    const second = readText();
    gives[0]?.("");
    await turns();
    gives[1]?.("late");
    expect([(await first).length, await second, gives.length]).toEqual([0, "late", 2]);
  });

  test("that is a stream can be read by the next one when it is closed, from what was not read", async () => {
    const stream = new ReadableStream<string>({
      start(controller) {
        controller.enqueue("one");
        controller.enqueue("two");
      },
    });
    const first = opened(stream);
    expect(await first.readText()).toBe("one");
    first.close();
    expect(stream.locked).toBe(false);
    expect(await opened(stream).readText()).toBe("two");
  });

  test("that is a stream is given back also while somebody waits for it", async () => {
    let controller: ReadableStreamDefaultController<string> | undefined;
    const stream = new ReadableStream<string>({ start: (given) => void (controller = given) });
    const first = opened(stream);
    const waiting = first.read(isOpen).catch((error: unknown) => (error as Error).name);
    first.close();
    controller?.enqueue("kept");
    expect([await waiting, await opened(stream).readText()]).toEqual(["TypeError", "kept"]);
  });

  test("gives bytes that the page keeps when it changes its own", async () => {
    const given = new Uint8Array([65]);
    const { read } = opened(() => given);
    const bytes = await read(isOpen);
    given.fill(0);
    expect(bytes).toEqual(new Uint8Array([65]));
  });
});
