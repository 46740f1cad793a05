import { expect, test } from "vitest";
import { Errno } from "./errno.ts";
import { pluginFileError } from "./plugin-file-error.ts";
import { WasiError } from "./wasi-error.ts";

test("says what failed, on which path of which plugin, and why, in words and as a code", () => {
  const error = pluginFileError(new WasiError(Errno.ENOENT, "/x"), "stat", "p");
  expect(error.message).toBe('Cannot stat "/x" of plugin "p": no such file or directory (ENOENT)');
  expect(error).toMatchObject({
    name: "PluginFileError",
    pluginName: "p",
    code: "ENOENT",
    path: "/x",
  });
});

test("keeps the message on one line, whatever is in the path", () => {
  const error = pluginFileError(new WasiError(Errno.EEXIST, 'a\n"b'), "create directory", "p");
  expect(error.message).toBe(
    'Cannot create directory "a\\n\\"b" of plugin "p": file already exists (EEXIST)',
  );
});
