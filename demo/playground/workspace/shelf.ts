/** A plugin that does nothing but hold files: those of a command, whose own are gone when it ends. */

import { type FileTree, loadPlugin, type Plugin } from "cloche";

/**
 * (module (memory (export "memory") 0)
 *   (func (export "__alloc_buffer") (param i32) (result i32) local.get 0)
 *   (func (export "__free_buffer") (param i64)))
 */
const MODULE =
  "AGFzbQEAAAABCgJgAX8Bf2ABfgADAwIAAQUDAQAABysDBm1lbW9yeQIADl9fYWxsb2NfYnVmZmVyAAANX19mcmVlX2J1ZmZlcgABCgkCBAAgAAsCAAs=";

export function loadShelf(files: FileTree): Promise<Plugin> {
  const bytes = Uint8Array.from(atob(MODULE), (character) => character.charCodeAt(0));
  return loadPlugin(bytes, { name: "files", files });
}
