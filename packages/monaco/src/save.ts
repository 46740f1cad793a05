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
 * applied. So does `editor.getAction("cloche.save")?.run()`, for a button.
 */
export function registerSave(
  monaco: MonacoApi,
  editor: Monaco.editor.IStandaloneCodeEditor,
  save: (text: string, model: Monaco.editor.ITextModel) => void,
  { budgetMs = 1500 }: SaveOptions = {},
): Monaco.IDisposable {
  return editor.addAction({
    id: "cloche.save",
    label: "Format and Save",
    keybindings: [monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS],
    async run() {
      const model = editor.getModel();
      if (model === null) return;
      const budget = AbortSignal.timeout(budgetMs);
      let isSaved = false;
      const saveOnce = () => {
        if (isSaved) return;
        isSaved = true;
        save(model.getValue(), model);
      };
      // A document that is closed before its format has ended is saved as it is.
      const closing = model.onWillDispose(saveOnce);
      saving.set(model, budget);
      try {
        await editor.getAction("editor.action.formatDocument")?.run();
      } finally {
        closing.dispose();
        if (saving.get(model) === budget) saving.delete(model);
        saveOnce();
      }
    },
  });
}
