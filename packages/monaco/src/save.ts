/** Format on save. */

import type * as Monaco from "monaco-editor";
import type { MonacoApi } from "./monaco-api.ts";

/** The options of {@link registerSave}. */
export interface SaveOptions {
  /**
   * How long a save waits for the format, in milliseconds; then it saves the document as it is. Default:
   * 1500, which covers a format and the rest of a request before it.
   */
  readonly budgetMs?: number | undefined;
}

/** What ends the format of a model that is being saved. */
const saving: WeakMap<Monaco.editor.ITextModel, AbortSignal> = new WeakMap();

/** The signal that ends the format of a model in time, while it is being saved. */
export function saveSignal(model: Monaco.editor.ITextModel): AbortSignal | undefined {
  return saving.get(model);
}

/**
 * Lets Ctrl-S (Cmd-S) format the document of an editor and then save it. A format that takes too long is not
 * applied.
 */
export function registerSave(
  monaco: MonacoApi,
  editor: Monaco.editor.IStandaloneCodeEditor,
  save: (text: string) => void,
  { budgetMs = 1500 }: SaveOptions = {},
): Monaco.IDisposable {
  return editor.addAction({
    id: "cloche.save",
    label: "Format and Save",
    keybindings: [monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS],
    async run() {
      const model = editor.getModel();
      if (model === null) return;
      saving.set(model, AbortSignal.timeout(budgetMs));
      await editor.getAction("editor.action.formatDocument")?.run();
      saving.delete(model);
      save(model.getValue());
    },
  });
}
