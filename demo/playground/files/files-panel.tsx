/** The files of the open program: tree, editor, upload and download. */

import type { FileTree, PluginFiles } from "cloche";
import { useEffect, useId, useState } from "preact/hooks";
import { errorText } from "../../error-text.ts";
import { byteText } from "../byte-text.ts";
import { saveFile } from "../save-file.ts";
import { workspace } from "../workspace/workspace.ts";
import { treeOfDrop, treeOfFiles } from "./dropped-files.ts";
import { FileEditor } from "./file-editor.tsx";
import { listTree, type TreeEntry } from "./file-tree.ts";

export function FilesPanel() {
  const id = useId();
  const files = workspace.files.value;
  const version = workspace.filesVersion.value;
  const [entries, setEntries] = useState<readonly TreeEntry[]>([]);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [edited, setEdited] = useState<string>();
  const [problem, setProblem] = useState("");
  const [isTarget, setTarget] = useState(false);

  useEffect(() => {
    if (files === undefined) {
      setEntries([]);
      setEdited(undefined);
      return;
    }
    let isCurrent = true;
    listTree(files, (path) => !closed.has(path)).then(
      (found) => isCurrent && setEntries(found),
      // The next state says why there are no files.
      () => isCurrent && setEntries([]),
    );
    return () => {
      isCurrent = false;
    };
  }, [files, version, closed]);

  const change = async (operate: (files: PluginFiles) => Promise<unknown>) => {
    if (files === undefined) return;
    try {
      await operate(files);
      setProblem("");
    } catch (error) {
      setProblem(errorText(error));
    }
    workspace.touchFiles();
  };
  const load = (tree: FileTree) => change((files) => loadTree(files, tree));
  return (
    <section
      class="card panel files"
      aria-labelledby={`${id}-title`}
      data-target={isTarget ? "" : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setTarget(true);
      }}
      onDragLeave={() => setTarget(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setTarget(false);
        if (event.dataTransfer !== null) void treeOfDrop(event.dataTransfer).then(load);
      }}
    >
      <div class="panel-bar">
        <h2 id={`${id}-title`}>Files</h2>
        <div class="panel-tools">
          <button
            type="button"
            class="chip-button"
            disabled={files === undefined}
            onClick={() => {
              const path = freePath(entries);
              void change((files) => files.write(path, "")).then(() => setEdited(path));
            }}
          >
            New
          </button>
          <label class="chip-button upload" data-disabled={files === undefined ? "" : undefined}>
            Upload
            <input
              type="file"
              multiple
              disabled={files === undefined}
              onChange={(event) => {
                void load(treeOfFiles(event.currentTarget.files ?? []));
                event.currentTarget.value = "";
              }}
            />
          </label>
          <button
            type="button"
            class="chip-button"
            disabled={entries.length === 0}
            onClick={() =>
              void change(async (files) => {
                const zip = await files.exportZip();
                saveFile(new Blob([zip], { type: "application/zip" }), "files.zip");
              })
            }
          >
            Zip
          </button>
        </div>
      </div>
      {entries.length === 0 ? (
        <p class="panel-note">No files. Drop some here, or a zip archive.</p>
      ) : (
        <ul class="file-tree" aria-label="Files of the program">
          {entries.map((entry) => (
            <li key={entry.path} style={{ paddingLeft: `${entry.depth * 14}px` }}>
              <button
                type="button"
                class="file-entry"
                aria-expanded={entry.isDirectory ? !closed.has(entry.path) : undefined}
                aria-current={entry.path === edited ? "true" : undefined}
                onClick={() => {
                  if (entry.isDirectory) setClosed(toggled(closed, entry.path));
                  else setEdited(entry.path);
                }}
              >
                <span class="file-mark" aria-hidden="true">
                  {entry.isDirectory ? (closed.has(entry.path) ? "▸" : "▾") : ""}
                </span>
                <span class="file-name">{entry.name}</span>
                {!entry.isDirectory && <span class="file-size">{byteText(entry.size)}</span>}
              </button>
              <button
                type="button"
                class="file-delete"
                aria-label={`Delete ${entry.path}`}
                title="Delete"
                onClick={() => {
                  if (edited === entry.path) setEdited(undefined);
                  void change((files) => files.remove(entry.path));
                }}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      {problem !== "" && (
        <p class="panel-note error-text" role="alert">
          {problem}
        </p>
      )}
      {files !== undefined && edited !== undefined && (
        <FileEditor
          key={edited}
          path={edited}
          files={files}
          onRename={(path) => setEdited(path)}
          onClose={() => setEdited(undefined)}
        />
      )}
    </section>
  );
}

/** Adds files; a single zip archive is unpacked. */
async function loadTree(files: PluginFiles, tree: FileTree): Promise<void> {
  const [[name, only] = ["", undefined], ...others] = Object.entries(tree);
  if (others.length === 0 && only instanceof Blob && name.endsWith(".zip")) {
    await files.importZip(only);
  } else await files.load("/", tree);
}

function freePath(entries: readonly TreeEntry[]): string {
  const taken = new Set(entries.map(({ path }) => path));
  for (let number = 1; ; number += 1) {
    const path = `/file${number === 1 ? "" : `-${number}`}.txt`;
    if (!taken.has(path)) return path;
  }
}

function toggled(paths: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const next = new Set(paths);
  if (!next.delete(path)) next.add(path);
  return next;
}
