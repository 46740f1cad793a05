/** One open file: text is edited, other bytes are shown. */

import type { PluginFiles } from "cloche";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { errorText } from "../../error-text.ts";
import { byteText } from "../byte-text.ts";
import { saveFile } from "../save-file.ts";
import { workspace } from "../workspace/workspace.ts";

/** Longer files are not put into a text field. */
const MAX_TEXT_BYTES = 500_000;
/** Typing is written when it pauses. */
const WRITE_MS = 250;

type Content =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly length: number }
  | { readonly kind: "problem"; readonly text: string };

export function FileEditor({
  path,
  files,
  onRename,
  onClose,
}: {
  readonly path: string;
  readonly files: PluginFiles;
  readonly onRename: (path: string) => void;
  readonly onClose: () => void;
}) {
  const id = useId();
  const [content, setContent] = useState<Content>();
  const [name, setName] = useState(path);
  const timer = useRef(0);
  const version = workspace.filesVersion.value;
  useEffect(() => {
    if (timer.current !== 0) return;
    let isCurrent = true;
    contentOf(files, path).then(
      (found) => isCurrent && timer.current === 0 && setContent(found),
      (error: unknown) => isCurrent && setContent({ kind: "problem", text: errorText(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [files, path, version]);
  const write = (text: string) => {
    setContent({ kind: "text", text });
    clearTimeout(timer.current);
    timer.current = window.setTimeout(async () => {
      timer.current = 0;
      try {
        await files.write(path, text);
        workspace.touchFiles();
      } catch (error) {
        setContent({ kind: "problem", text: errorText(error) });
      }
    }, WRITE_MS);
  };
  return (
    <div class="file-editor">
      <form
        class="file-editor-bar"
        onSubmit={async (event) => {
          event.preventDefault();
          if (name === path) return;
          try {
            await files.rename(path, name);
            workspace.touchFiles();
            onRename(name);
          } catch (error) {
            setContent({ kind: "problem", text: errorText(error) });
          }
        }}
      >
        <label class="visually-hidden" for={`${id}-name`}>
          Path
        </label>
        <input
          id={`${id}-name`}
          class="text-field"
          value={name}
          spellcheck={false}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        {name === path ? (
          <button
            type="button"
            class="chip-button"
            onClick={async () =>
              saveFile(new Blob([await files.read(path)]), path.split("/").at(-1) ?? "file")
            }
          >
            Save
          </button>
        ) : (
          <button type="submit" class="chip-button">
            Rename
          </button>
        )}
        <button type="button" class="chip-button" onClick={onClose}>
          Close
        </button>
      </form>
      {content?.kind === "text" && (
        <>
          <label class="visually-hidden" for={id}>
            Text of {path}
          </label>
          <textarea
            id={id}
            class="text-area"
            rows={10}
            spellcheck={false}
            value={content.text}
            onInput={(event) => write(event.currentTarget.value)}
          />
        </>
      )}
      {content?.kind === "bytes" && (
        <p class="panel-note">{byteText(content.length)} that are no text, or too much of it.</p>
      )}
      {content?.kind === "problem" && <p class="panel-note error-text">{content.text}</p>}
    </div>
  );
}

async function contentOf(files: PluginFiles, path: string): Promise<Content> {
  const { size } = await files.stat(path);
  if (size > MAX_TEXT_BYTES) return { kind: "bytes", length: size };
  const bytes = await files.read(path);
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { kind: "bytes", length: bytes.length };
  }
}
