import { describe, expect, test, vi } from "vitest";
import { checkStdin, openStdin, type StdinChunk, type StdinSource } from "./stdin.ts";

const isOpen = () => false;

const turns = (ms = 20) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

/** Opens a source that the page is asked for. */
async function opened(source: unknown) {
  const { read, close } = await openStdin(checkStdin(source, "options.stdin"));
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
    ["an iterable", () => ["one", "", new Uint8Array([50])]],
    [
      "an asynchronous iterable",
      () =>
        (async function* () {
          yield "one";
          yield "";
          await turns(1);
          yield new Uint16Array([50]).buffer.slice(0, 1);
        })(),
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
    const { readText } = await opened(source());
    expect([await readText(), await readText(), await readText()]).toEqual(["one", "2", ""]);
  });

  test("that consists of empty chunks keeps the page responsive, and is not called after its end", async () => {
    const source = vi.fn<() => StdinChunk>(() => "");
    let isClosed = false;
    const reading = (await opened(source)).read(() => isClosed);
    await turns();
    isClosed = true;
    await reading;
    const times = source.mock.calls.length;
    await turns();
    expect([times > 1, source.mock.calls.length]).toEqual([true, times]);
  });

  test("goes completely to the next instance if one dies while it waits", async () => {
    let give: (piece: StdinChunk) => void = () => {};
    const source = vi.fn(() => new Promise<StdinChunk>((resolve) => (give = resolve)));
    const { read } = await opened(source);
    let isDead = false;
    const first = read(() => isDead);
    isDead = true;
    const second = read(isOpen);
    give(new Uint8Array(8192));
    const dropped = await first;
    structuredClone(dropped, { transfer: [dropped.buffer as ArrayBuffer] });
    expect([(await second).length, source.mock.calls.length]).toEqual([8192, 1]);
  });

  test("that is an empty chunk is requested again by the next instance", async () => {
    const gives: ((piece: StdinChunk) => void)[] = [];
    const { read, readText } = await opened(
      () => new Promise<StdinChunk>((give) => gives.push(give)),
    );
    let isDead = false;
    const first = read(() => isDead);
    isDead = true;
    const second = readText();
    gives[0]?.("");
    await turns();
    gives[1]?.("late");
    expect([(await first).length, await second, gives.length]).toEqual([0, "late", 2]);
  });

  test("that is a stream is released on close, with the rest unread", async () => {
    const stream = new ReadableStream<string>({
      start(controller) {
        controller.enqueue("one");
        controller.enqueue("two");
      },
    });
    const first = await opened(stream);
    expect(await first.readText()).toBe("one");
    first.close();
    expect(stream.locked).toBe(false);
    expect(await (await opened(stream)).readText()).toBe("two");
  });

  test("that is a stream is released also during a read", async () => {
    let controller: ReadableStreamDefaultController<string> | undefined;
    const stream = new ReadableStream<string>({ start: (given) => void (controller = given) });
    const first = await opened(stream);
    const waiting = first.read(isOpen).catch((error: unknown) => (error as Error).name);
    first.close();
    controller?.enqueue("kept");
    expect([await waiting, await (await opened(stream)).readText()]).toEqual(["TypeError", "kept"]);
  });

  test("copies the page's bytes", async () => {
    const given = new Uint8Array([65]);
    const { read } = await opened(() => given);
    const bytes = await read(isOpen);
    given.fill(0);
    expect(bytes).toEqual(new Uint8Array([65]));
  });
});

describe("a complete standard input", () => {
  test.each<[string, unknown, string]>([
    ["text", "a\ufeff", "a\ufeff"],
    ["an ArrayBuffer", new Uint8Array([65]).buffer, "A"],
    ["a part of a view", new Uint8Array([1, 65, 1]).subarray(1, 2), "A"],
    ["a Blob", new Blob(["A"]), "A"],
    ["nothing", "", ""],
  ])("may be %s", async (_what, source, text) => {
    const { bytes } = await openStdin(checkStdin(source, "options.stdin"));
    expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes as Uint8Array)).toBe(text);
  });
});

describe("an invalid standard input", () => {
  const locked = new ReadableStream();
  locked.getReader();
  const detached = new ArrayBuffer(1);
  structuredClone(detached, { transfer: [detached] });
  const throwing = {
    get [Symbol.asyncIterator]() {
      throw new Error("mine");
    },
  };

  test.each<[string, unknown, string]>([
    ["a number", 5, "5 (must be text, bytes, a Blob, a ReadableStream, an iterable or a function)"],
    ["null", null, "null (must be"],
    ["an object", {}, "Object (must be"],
    ["a locked stream", locked, "the stream is locked"],
    ["a detached buffer", detached, "cannot be read"],
    ["an object whose getter throws", throwing, "cannot be read (mine)"],
  ])("is a TypeError that names the place: %s", (_what, value, message) => {
    expect(() => checkStdin(value, "options.stdin")).toThrow(TypeError);
    expect(() => checkStdin(value, "options.stdin")).toThrow(`Invalid options.stdin: ${message}`);
  });
});

describe("a source of standard input that fails", () => {
  const failing = (fail: () => unknown) => async () => (await opened(fail)).read(isOpen);

  test("rejects the read with its error, and with a TypeError for an invalid chunk", async () => {
    await expect(
      failing(() => {
        throw new Error("gone");
      })(),
    ).rejects.toThrow("gone");
    await expect(failing(() => Promise.reject(new Error("gone")))()).rejects.toThrow("gone");
    await expect(failing(() => 5)()).rejects.toThrow(
      new TypeError("Invalid options.stdin chunk: 5 (must be text or bytes, or null at the end)"),
    );
    expect(await failing(() => undefined)()).toHaveLength(0);
  });

  test("has its iterator closed with the plugin, even if that throws", async () => {
    const closed = vi.fn<() => void>();
    const { readText, close } = await opened(
      (function* () {
        try {
          yield "one";
          yield "two";
        } finally {
          closed();
        }
      })(),
    );
    expect(await readText()).toBe("one");
    close();
    await turns(1);
    expect(closed).toHaveBeenCalledOnce();
  });
});
