/** A Wasm function type. Value types have their names of the text format. */
interface Signature {
  readonly params: readonly string[];
  readonly results: readonly string[];
}

const ERRNO: readonly string[] = ["i32"];

function call(params: string, results: readonly string[] = ERRNO): Signature {
  return { params: params === "" ? [] : params.split(" "), results };
}

/**
 * The Wasm type of every function of `wasi_snapshot_preview1`. It is in a module of its own, so that the
 * page can import it without the engine.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#functions
 */
export const PREVIEW1_SIGNATURES: ReadonlyMap<string, Signature> = new Map([
  ["args_get", call("i32 i32")],
  ["args_sizes_get", call("i32 i32")],
  ["environ_get", call("i32 i32")],
  ["environ_sizes_get", call("i32 i32")],
  ["clock_res_get", call("i32 i32")],
  ["clock_time_get", call("i32 i64 i32")],
  ["fd_advise", call("i32 i64 i64 i32")],
  ["fd_allocate", call("i32 i64 i64")],
  ["fd_close", call("i32")],
  ["fd_datasync", call("i32")],
  ["fd_fdstat_get", call("i32 i32")],
  ["fd_fdstat_set_flags", call("i32 i32")],
  ["fd_fdstat_set_rights", call("i32 i64 i64")],
  ["fd_filestat_get", call("i32 i32")],
  ["fd_filestat_set_size", call("i32 i64")],
  ["fd_filestat_set_times", call("i32 i64 i64 i32")],
  ["fd_pread", call("i32 i32 i32 i64 i32")],
  ["fd_prestat_get", call("i32 i32")],
  ["fd_prestat_dir_name", call("i32 i32 i32")],
  ["fd_pwrite", call("i32 i32 i32 i64 i32")],
  ["fd_read", call("i32 i32 i32 i32")],
  ["fd_readdir", call("i32 i32 i32 i64 i32")],
  ["fd_renumber", call("i32 i32")],
  ["fd_seek", call("i32 i64 i32 i32")],
  ["fd_sync", call("i32")],
  ["fd_tell", call("i32 i32")],
  ["fd_write", call("i32 i32 i32 i32")],
  ["path_create_directory", call("i32 i32 i32")],
  ["path_filestat_get", call("i32 i32 i32 i32 i32")],
  ["path_filestat_set_times", call("i32 i32 i32 i32 i64 i64 i32")],
  ["path_link", call("i32 i32 i32 i32 i32 i32 i32")],
  ["path_open", call("i32 i32 i32 i32 i32 i64 i64 i32 i32")],
  ["path_readlink", call("i32 i32 i32 i32 i32 i32")],
  ["path_remove_directory", call("i32 i32 i32")],
  ["path_rename", call("i32 i32 i32 i32 i32 i32")],
  ["path_symlink", call("i32 i32 i32 i32 i32")],
  ["path_unlink_file", call("i32 i32 i32")],
  ["poll_oneoff", call("i32 i32 i32 i32")],
  ["proc_exit", call("i32", [])],
  ["proc_raise", call("i32")],
  ["random_get", call("i32 i32")],
  ["sched_yield", call("")],
  ["sock_accept", call("i32 i32 i32")],
  ["sock_recv", call("i32 i32 i32 i32 i32 i32")],
  ["sock_send", call("i32 i32 i32 i32 i32")],
  ["sock_shutdown", call("i32 i32")],
]);
