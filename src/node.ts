/**
 * What Cloche has in Node only: folders of the disk.
 *
 * @module cloche/node
 */

export {
  type FolderLimits,
  type FolderOptions,
  openFolder,
  readFolder,
  type WriteFolderOptions,
  writeFolder,
} from "./host/folders.ts";
