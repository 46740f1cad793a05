import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { PluginLimitError, PluginLinkError, PluginTimeoutError, PluginTrapError } from "cloche";
import { parseSchema } from "cloche/schema";
import { afterEach, describe, expect, test } from "vitest";
import { InvalidAnswerError } from "./invalid-answer-error.ts";
import { LanguageTools, type ToolsState } from "./language-tools.ts";
import type { LanguageToolsOptions } from "./tools-options.ts";

const plugins = resolve(import.meta.dirname, "../../../public/plugins");
const moduleOf = (name: string) => readFileSync(resolve(plugins, name));

const opened: LanguageTools[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((tools) => tools.close()));
});

function open(name: string, options: LanguageToolsOptions = {}): LanguageTools {
  const tools = new LanguageTools(moduleOf(name), { name, ...options });
  opened.push(tools);
  return tools;
}

/** Resolves when the tools are in a phase. */
function phase(tools: LanguageTools, wanted: ToolsState["phase"]): Promise<ToolsState> {
  if (tools.state.phase === wanted) return Promise.resolve(tools.state);
  return new Promise((resolve) => {
    const unsubscribe = tools.subscribe((state) => {
      if (state.phase !== wanted) return;
      unsubscribe();
      resolve(state);
    });
  });
}

describe("a plugin that works", () => {
  test("formats, diagnoses, completes and explains a text in UTF-16", async () => {
    const tools = open("json-tools.wasm");
    const text = '[{"😀é":1,"b":2},{"b":3,}]';
    expect(await tools.format('{"😀é":1}', { indent: "\t" })).toEqual({
      ok: true,
      value: [{ from: 1, to: 9, text: '\n\t"😀é": 1\n}\n' }],
    });
    expect(await tools.diagnose(text)).toEqual([
      {
        from: text.indexOf(",}"),
        to: text.indexOf(",}") + 1,
        severity: "warning",
        message: "JSON has no comma before the end",
        code: "trailing-comma",
      },
    ]);
    expect(await tools.hover(text, text.indexOf("é"))).toEqual({
      from: 2,
      to: 7,
      text: '$[0]["😀é"]\nnumber',
    });
    const completions = await tools.complete(text, text.lastIndexOf('"b"') + 1);
    expect(completions).toMatchObject({
      from: text.lastIndexOf('"b"'),
      items: [{ label: '"b"' }, { label: '"😀é"' }],
    });
    expect(await tools.format("{")).toEqual({
      ok: false,
      error: "Line 1: This object is not closed",
    });
    expect(tools.restarts).toBe(0);
  });

  test("an edit behind a lone surrogate leaves it as it is", async () => {
    const tools = open("json-tools.wasm");
    expect(await tools.format('"\ud83d" ')).toEqual({
      ok: true,
      value: [{ from: 3, to: 4, text: "\n" }],
    });
  });
});

test.each([
  ["todos-rust.wasm", "a resource"],
  ["todos-c.wasm", "a file"],
  ["todos-assemblyscript.wasm", "a text"],
  ["todos-javascript.wasm", "a text"],
])("%s gets the document as %s, and marks the same characters", async (name) => {
  const tools = open(`fixtures/${name}`);
  const found = await tools.diagnose("é😀 TODO\r\n\ud83d TODO");
  expect(found.map(({ from, to, code }) => [from, to, code])).toEqual([
    [4, 8, "todo"],
    [12, 16, "todo"],
  ]);
  expect(await tools.diagnose("")).toEqual([]);
  expect(await tools.hover("TODO", 0)).toBeNull();
  expect(await tools.format("TODO")).toEqual({ ok: true, value: [] });
});

describe("the newest request wins", () => {
  test("of a kind and a document, over those that wait and the one that runs", async () => {
    const tools = open("json-tools.wasm");
    const [first, second] = [{}, {}];
    const requests = [
      tools.diagnose("[1", { document: first }),
      tools.diagnose("[1,", { document: first }),
      tools.diagnose("[", { document: second }),
      tools.diagnose("[]", { document: first }),
    ];
    const settled = await Promise.allSettled(requests);
    expect(settled.map(({ status }) => status)).toEqual([
      "rejected",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    await expect(requests[0]).rejects.toMatchObject({ name: "AbortError" });
  });

  test("a hung request gives way to a newer one after the grace, and the plugin is restarted", async () => {
    const tools = open("hazards.wasm", { graceMs: 100, budgetsMs: { diagnose: 60_000 } });
    // A first call takes longer, and one that is interrupted before it starts costs no restart.
    await tools.diagnose("");
    const hung = tools.diagnose("hang!");
    hung.catch(() => {});
    await phase(tools, "busy");
    expect(await tools.diagnose("lie")).toEqual([]);
    await expect(hung).rejects.toMatchObject({ name: "AbortError" });
    expect(tools.restarts).toBe(1);
  });

  test("a signal cancels a request that runs, and one that waits", async () => {
    const tools = open("hazards.wasm", { graceMs: 0 });
    await phase(tools, "ready");
    const controllers = [new AbortController(), new AbortController()] as const;
    const hung = tools.diagnose("hang!", { signal: controllers[0].signal });
    const waiting = tools.hover("x", 0, { signal: controllers[1].signal });
    controllers[1].abort("not needed");
    await expect(waiting).rejects.toBe("not needed");
    controllers[0].abort("not needed");
    await expect(hung).rejects.toBe("not needed");
    expect(await tools.hover("lie!", 0)).toMatchObject({ from: 0, to: 4 });
  });
});

describe("a plugin that fails", () => {
  test("is ready again by itself after an endless loop", async () => {
    const tools = open("hazards.wasm", { budgetsMs: { diagnose: 50 } });
    await phase(tools, "ready");
    const phases: string[] = [];
    tools.subscribe((state) => phases.push(state.phase));
    await expect(tools.diagnose("hang!")).rejects.toBeInstanceOf(PluginTimeoutError);
    const { error } = await phase(tools, "ready");
    expect(error).toBeInstanceOf(PluginTimeoutError);
    expect(phases).toEqual(["busy", "recovering", "ready"]);
    expect(await tools.diagnose("flood")).toEqual([]);
    expect(tools.state).toEqual({ phase: "ready" });
  });

  test("is ready again after a trap, and other kinds of requests do not wait for it", async () => {
    const tools = open("hazards.wasm");
    for (let count = 0; count < 4; count += 1)
      await expect(tools.diagnose("crash!")).rejects.toBeInstanceOf(PluginTrapError);
    // The next diagnosis waits longer than this takes.
    const waiting = tools.diagnose("fine");
    expect(await tools.hover("lie!", 0)).not.toBeNull();
    expect(tools.restarts).toBe(4);
    expect(await waiting).toEqual([]);
  });

  test("does no harm with an answer that lies or is too long", async () => {
    const tools = open("hazards.wasm", { budgetsMs: { diagnose: 10_000 } });
    await expect(tools.format("lie! ")).rejects.toBeInstanceOf(InvalidAnswerError);
    const found = await tools.diagnose("lie! flood!");
    expect(found.map(({ from, to }) => [from, to])).toEqual([
      [0, 4],
      [5, 11],
      [11, 11],
      [0, 11],
    ]);
    expect(found[3]?.message).toHaveLength(2000);
    expect(await tools.format("fine  \nlie \n")).toEqual({
      ok: true,
      value: [
        { from: 4, to: 6, text: "" },
        { from: 10, to: 11, text: "" },
      ],
    });
    expect(tools.restarts).toBe(0);
  });

  test("cannot be loaded, if it has none of the functions, or others of their names", async () => {
    const tools = open("words.wasm", {
      loadOptions: { hostFunctions: { run: () => new Uint8Array() } },
    });
    await expect(tools.hover("text", 0)).rejects.toBeInstanceOf(PluginLinkError);
    expect(tools.state.phase).toBe("failed");
    await expect(tools.diagnose("text")).rejects.toThrow(
      'Plugin "words.wasm" exports none of format, diagnose, complete, hover',
    );
  });

  test("is loaded again, if it did not come, or not in time", async () => {
    let tries = 0;
    const silent = createServer(() => {}).listen(0);
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const late = new LanguageTools(`http://localhost:${port}/late.wasm`, {
      loadOptions: { limits: { fetchMs: 50 } },
    });
    opened.push(late);
    await expect(late.diagnose("text")).rejects.toBeInstanceOf(PluginLimitError);
    expect(late.state.phase).toBe("recovering");
    silent.closeAllConnections();
    silent.close();

    const tools = new LanguageTools("http://localhost:1/none.wasm");
    opened.push(tools);
    tools.subscribe(() => (tries += 1));
    await expect(tools.diagnose("text")).rejects.toThrow("none");
    expect(tools.state.phase).toBe("recovering");
    await expect.poll(() => tries, { timeout: 5000 }).toBeGreaterThan(1);
  });
});

test("tools that are closed while they load leave no worker", async () => {
  const tools = open("json-tools.wasm");
  const phases: string[] = [];
  tools.subscribe(({ phase }) => phases.push(phase));
  const closed = tools.close();
  expect(tools.close()).toBe(closed);
  await closed;
  await expect(tools.diagnose("[]")).rejects.toMatchObject({ name: "AbortError" });
  expect(phases).toEqual(["closed"]);
});

test("a listener that closes the tools is not told more, and neither are others", async () => {
  const tools = open("json-tools.wasm");
  const phases: string[] = [];
  tools.subscribe(({ phase }) => void (phase === "ready" && tools.close()));
  tools.subscribe(({ phase }) => phases.push(phase));
  await phase(tools, "closed");
  await tools.close();
  expect(phases).toEqual(["closed"]);
});

test("closed tools reject every request", async () => {
  const tools = open("json-tools.wasm");
  const running = tools.diagnose("[]");
  running.catch(() => {});
  await tools.close();
  await expect(running).rejects.toMatchObject({ name: "AbortError" });
  await expect(tools.diagnose("[]")).rejects.toMatchObject({ name: "AbortError" });
  await tools.close();
  expect(tools.state).toEqual({ phase: "closed" });
});

test("an invalid option or text is a TypeError, a text beyond the limit a RangeError", async () => {
  for (const [options, message] of [
    [{ graceMs: -1 }, "Invalid option graceMs: -1 (must be a number ≥ 0)"],
    [{ budgetsMs: { hover: "1" } }, "Invalid option budgetsMs.hover"],
    [{ budgetsMs: { lint: 1 } }, "Invalid option budgetsMs.lint: not a kind of request"],
    [{ fileName: "a/b" }, 'Invalid option fileName: "a/b" (must be one name)'],
    [{ timeoutMs: 1 }, "Invalid option timeoutMs: not an option"],
  ] as const)
    expect(() => new LanguageTools("/x.wasm", options as never)).toThrow(message);
  const tools = open("json-tools.wasm", { maxTextLength: 3 });
  await expect(tools.diagnose(7 as never)).rejects.toBeInstanceOf(TypeError);
  for (const lineWidth of [-1, 80.5, Number.NaN, 2 ** 32])
    await expect(tools.format("[]", { lineWidth })).rejects.toBeInstanceOf(TypeError);
  await expect(tools.format("[]", { indent: 2 as never })).rejects.toBeInstanceOf(TypeError);
  expect(tools.state.error).toBeUndefined();
  await expect(tools.diagnose("[12]")).rejects.toBeInstanceOf(RangeError);
  expect(await tools.diagnose("[1]")).toEqual([]);
});

test("editor.schema is what the plugins declare", () => {
  const text = readFileSync(resolve(import.meta.dirname, "../editor.schema"), "utf8");
  expect(parseSchema(text).functions.map(({ name }) => name)).toEqual([
    "format",
    "diagnose",
    "complete",
    "hover",
    "offset_unit",
  ]);
});
