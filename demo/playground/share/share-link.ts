/** Makes a link to what the playground shows, and opens one. */

import type { FileSnapshot, FileTree } from "cloche";
import { argumentsJson, chosen, wantCall } from "../call-form/form-state.ts";
import { galleryEntries } from "../gallery/gallery-entries.ts";
import { openEntry, openGalleryEntry } from "../selection.ts";
import { workspace } from "../workspace/workspace.ts";
import { fragmentOfState, MAX_FRAGMENT, stateOfFragment } from "./share-fragment.ts";
import type { SharedFile, ShareState } from "./share-state.ts";
import { sharedSource } from "./shared-source.ts";

/** The address, or what keeps it from being made in words. */
export async function makeShareLink(): Promise<
  { readonly address: string } | { readonly problem: string }
> {
  const entry = openEntry.peek();
  if (entry === undefined) {
    return {
      problem: "A module of yours stays in this tab: only entries of the gallery can be shared",
    };
  }
  const source = sharedSource.peek();
  const state: ShareState = {
    entry: entry.id,
    ...(chosen.peek() === undefined
      ? {}
      : { functionName: chosen.peek()?.name ?? "", argumentsJson: argumentsJson.peek() }),
    ...(await currentFiles()),
    ...(source === undefined ? {} : { source }),
  };
  const fragment = await fragmentOfState(state);
  if (fragment.length > MAX_FRAGMENT) {
    return { problem: "The files and arguments are too long for a link" };
  }
  return { address: new URL(fragment, location.href).href };
}

/** Opens what the address of the page holds. Returns whether it holds anything. */
export async function openShareLink(): Promise<boolean> {
  const state = await stateOfFragment(location.hash);
  const entry = galleryEntries.find(({ id }) => id === state?.entry);
  if (state === undefined || entry === undefined) return false;
  sharedSource.value = state.source;
  await openGalleryEntry(entry, state.files && treeOfFiles(state.files));
  if (state.functionName !== undefined && state.argumentsJson !== undefined) {
    wantCall({ functionName: state.functionName, argumentsJson: state.argumentsJson });
  }
  return true;
}

async function currentFiles(): Promise<Pick<ShareState, "files">> {
  const files = workspace.files.peek();
  if (files === undefined || workspace.state.peek().kind === "running") return {};
  const shared: Record<string, SharedFile> = {};
  addFiles(await files.snapshot(), "", shared);
  return { files: shared };
}

function addFiles(tree: FileSnapshot, start: string, shared: Record<string, SharedFile>): void {
  for (const [name, node] of Object.entries(tree)) {
    const path = `${start}${name}`;
    if (node instanceof Uint8Array) shared[path] = sharedFile(node);
    else addFiles(node, `${path}/`, shared);
  }
}

function sharedFile(bytes: Uint8Array): SharedFile {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")) };
  }
}

function treeOfFiles(files: NonNullable<ShareState["files"]>): FileTree {
  return Object.fromEntries(
    Object.entries(files).map(([path, file]) => [
      path,
      "text" in file
        ? file.text
        : Uint8Array.from(atob(file.base64), (character) => character.charCodeAt(0)),
    ]),
  );
}
