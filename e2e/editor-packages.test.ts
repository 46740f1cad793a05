import { join } from "node:path";
import type { Page } from "@playwright/test";
import { build } from "esbuild";
import type * as Editors from "./harness/editors.ts";
import { ANY_BROWSER, test as base, expect, openHarness, PLAIN } from "./harness/test.ts";

declare global {
  interface Window {
    editors: typeof Editors;
  }
}

/** The page with the editors, once it is open. */
let opened: Promise<Page> | undefined;

const test = base.extend<{ editors: Page }>({
  // With time of its own: Monaco is bundled for it and sent to the page, where it is compiled.
  editors: [async ({ tab }, use) => use(await (opened ??= openEditors(tab))), { timeout: 120_000 }],
});

async function openEditors(tab: Page): Promise<Page> {
  await openHarness(tab, PLAIN);
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "harness/editors.ts")],
    ...{ bundle: true, format: "iife", globalName: "editors", write: false, outdir: "/" },
    loader: { ".ttf": "empty" },
    logLevel: "error",
  });
  const script = outputFiles.find(({ path }) => path.endsWith(".js"));
  await tab.addScriptTag({ content: script?.text ?? "" });
  return tab;
}

test(
  "a registration in Monaco that is disposed takes its markers and leaves those of others",
  ANY_BROWSER,
  async ({ editors: page }) => {
    const counts = await page.evaluate(async () => {
      const { LanguageTools, monaco, registerLanguageTools, until } = window.editors;
      const model = monaco.editor.createModel("lie!", "plaintext");
      const count = () => monaco.editor.getModelMarkers({ resource: model.uri }).length;
      const counts: number[] = [];
      const [first, second] = [0, 1].map(() => {
        const tools = new LanguageTools("/plugins/hazards.wasm");
        return { tools, registration: registerLanguageTools(monaco, "plaintext", tools) };
      });
      if (first === undefined || second === undefined) throw new Error("no tools");
      await until(() => count() === 4);
      // While a diagnosis runs, whose markers nobody wants any more.
      const ended = new Promise<void>((resolve) => {
        first.tools.subscribe(({ phase }) =>
          phase === "busy" ? first.registration.dispose() : resolve(),
        );
      });
      model.setValue("lie! lie!");
      await ended;
      await until(() => count() === 3);
      await second.tools.diagnose("");
      counts.push(count());
      second.registration.dispose();
      counts.push(count());
      model.dispose();
      await Promise.all([first.tools.close(), second.tools.close()]);
      return counts;
    });
    expect(counts).toEqual([3, 0]);
  },
);

test(
  "a model in Monaco that is closed during its save is saved as it is, once",
  ANY_BROWSER,
  async ({ editors: page }) => {
    const saved = await page.evaluate(async () => {
      const { LanguageTools, monaco, registerLanguageTools, registerSave, until } = window.editors;
      const tools = new LanguageTools("/plugins/hazards.wasm");
      const registration = registerLanguageTools(monaco, "plaintext", tools, {
        lintDelayMs: 60_000,
      });
      const model = monaco.editor.createModel("hang!", "plaintext");
      const editor = monaco.editor.create(document.body, { model });
      const saved: string[] = [];
      registerSave(monaco, editor, (text) => saved.push(text));
      const saving = editor.getAction("cloche.save")?.run();
      await until(() => tools.state.phase === "busy");
      model.dispose();
      saved.push("closed");
      await saving;
      editor.dispose();
      registration.dispose();
      await tools.close();
      return saved;
    });
    expect(saved).toEqual(["hang!", "closed"]);
  },
);

test(
  "the keys of CodeMirror format, and save with the line separator of the state",
  ANY_BROWSER,
  async ({ editors: page }) => {
    const texts = await page.evaluate(async () => {
      const { EditorState, EditorView, LanguageTools, languageTools, until } = window.editors;
      const tools = new LanguageTools("/plugins/json-tools.wasm");
      const texts: string[] = [];
      const view = new EditorView({
        doc: '{"a":1,"b":2}',
        extensions: [
          languageTools(tools, { formatKey: "F9", save: (text) => texts.push(text) }),
          EditorState.lineSeparator.of("\r\n"),
        ],
      });
      const press = (init: KeyboardEventInit) =>
        view.contentDOM.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, ...init }));
      press({ key: "F9" });
      await until(() => view.state.doc.lines > 1);
      texts.push(view.state.sliceDoc());
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: "[ ]" } });
      const isMac = /Mac/.test(navigator.platform);
      press({ key: "s", ctrlKey: !isMac, metaKey: isMac });
      await until(() => texts.length === 2);
      view.destroy();
      await tools.close();
      return texts;
    });
    expect(texts).toEqual(['{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n', "[]\r\n"]);
  },
);

test(
  "a view in CodeMirror that is destroyed leaves the plugin to others",
  ANY_BROWSER,
  async ({ editors: page }) => {
    const restarts = await page.evaluate(async () => {
      const { EditorView, LanguageTools, languageTools, until } = window.editors;
      const tools = new LanguageTools("/plugins/hazards.wasm", {
        budgetsMs: { diagnose: 600_000 },
      });
      await tools.diagnose("");
      const view = new EditorView({ doc: "hang!", extensions: languageTools(tools) });
      await until(() => tools.state.phase === "busy");
      view.destroy();
      await tools.hover("lie!", 0);
      const { restarts } = tools;
      await tools.close();
      return restarts;
    });
    expect(restarts).toBe(1);
  },
);
