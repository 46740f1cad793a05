import { expect, test } from "vitest";
import { ENGINES } from "./both-engines.test-kit.ts";

const CREATE = 1;

test.each(ENGINES)("names, link targets and contents keep a byte order mark on %s", (_, start) => {
  const { guest, files } = start();
  guest.close(guest.open("\uFEFFfile", { flags: CREATE }));
  guest.symlink("\uFEFFfile", "\uFEFFlink");
  guest.mkdir("\uFEFFdirectory".repeat(6));
  expect(files.list("/").map((entry) => entry.name)).toEqual([
    "\uFEFFfile",
    "\uFEFFlink",
    "\uFEFFdirectory".repeat(6),
  ]);
  expect(guest.readlink("\uFEFFlink", 100)).toBe("\uFEFFfile");
  expect(() => guest.stat("file")).toThrow("ENOENT");
  files.write("/\uFEFFfile", "\uFEFFtext");
  expect(guest.read(guest.open("\uFEFFfile"), 7)).toBe("\uFEFFtext");
  expect(guest.readdir(3).entries.map((entry) => entry.name)).toContain("\uFEFFfile");
});
