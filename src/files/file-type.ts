/**
 * The file types of preview 1 that Cloche has.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#filetype
 */
export const FileType = {
  /** A stream that is not a terminal, as other runtimes report a pipe. */
  UNKNOWN: 0,
  CHARACTER_DEVICE: 2,
  DIRECTORY: 3,
  REGULAR_FILE: 4,
  SYMBOLIC_LINK: 7,
} as const;
