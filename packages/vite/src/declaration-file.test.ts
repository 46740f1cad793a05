import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseSchema } from "cloche/schema";
import { afterAll, beforeAll, expect, test } from "vitest";
import { declarationPath, declareInFile } from "./declaration-file.ts";
import { sourceAt } from "./plugin-source.ts";

const REPOSITORY = resolve(import.meta.dirname, "../../..");
/** In the repository, whose packages it finds. */
const root = join(REPOSITORY, "build/declaration-file");

const PAGE = `
import area, { type Area, url } from "./area.wasm?plugin";
import words from "../plugins/words?plugin";
import one from "./one/same.wasm?plugin";
import untyped from "./untyped.wasm?plugin";

const plugin = await area({ files: {}, hostFunctions: { unit: async (name) => name.length } });
const covered: number = await plugin.api.area({ x: 1, y: 2 });
const declared: ReturnType<Area["area"]> = covered;
await plugin.api.area.with({ timeoutMs: 50 })({ x: 1, y: declared });
// @ts-expect-error -- a point has two coordinates
await plugin.api.area({ x: 1 });
// @ts-expect-error -- it exports no such function
await plugin.api.volume({ x: 1, y: 2 });
// @ts-expect-error -- the page returns a number
await area({ hostFunctions: { unit: (name) => name } });

const count: bigint = await (await words()).api.count("under glass");
const same: string = await (await one()).api.same("a");
const unknown: unknown = await (await untyped()).api.anything?.(1);
export { count, same, unknown, url };
`;

function plugin(path: string): ReturnType<typeof sourceAt> {
  const isModule = path.endsWith(".wasm");
  const folder = join(root, isModule ? join(path, "..") : path);
  mkdirSync(folder, { recursive: true });
  writeFileSync(isModule ? join(root, path) : join(folder, "Cargo.toml"), "");
  return sourceAt(join(root, path));
}

beforeAll(() => {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(root, "src"), { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("a page is type-checked with the schemas of the plugins that it imports", () => {
  const file = declarationPath(root, undefined) ?? "";
  expect(file).toBe(join(root, "src/cloche-plugins.d.ts"));
  const declare = (path: string, schema: string | undefined) =>
    declareInFile(file, root, plugin(path), schema === undefined ? undefined : parseSchema(schema));
  declare("src/untyped.wasm", undefined);
  declare(
    "src/area.wasm",
    "struct Point { x: f64, y: f64 } fn area(of: Point) -> f64; import fn unit(name: string) -> u32;",
  );
  declare("plugins/words", "fn count(text: string) -> u64;");
  declare("src/two/same.wasm", "fn same(value: u8) -> u8;");
  declare("src/one/same.wasm", "fn same(value: string) -> string;");
  writeFileSync(join(root, "src/page.ts"), PAGE);
  const config = { extends: join(REPOSITORY, "tsconfig.json"), include: ["src"], exclude: [] };
  writeFileSync(join(root, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(REPOSITORY, "node_modules/.bin/tsc");
  expect(spawnSync(tsc, ["-p", root], { encoding: "utf8" }).stdout).toBe("");
});

test("a plugin stays declared until its source is gone", () => {
  const file = join(root, "plugins.d.ts");
  const [first, second] = [plugin("first.wasm"), plugin("second.wasm")];
  const schema = parseSchema("fn f();");
  declareInFile(file, root, first, schema);
  declareInFile(file, root, second, schema);
  const both = readFileSync(file, "utf8");
  declareInFile(file, root, first, schema);
  expect(readFileSync(file, "utf8")).toBe(both);
  rmSync(second.file);
  declareInFile(file, root, first, schema);
  const modules = readFileSync(file, "utf8").match(/(?<=declare module ).*(?= \{)/g);
  expect(modules).toEqual(['"*/first.wasm?plugin"', '"*?plugin"']);
});

test("no file is written where a project wants none", () => {
  expect(declarationPath(root, false)).toBeUndefined();
  expect(declarationPath(root, "types/plugins.d.ts")).toBe(join(root, "types/plugins.d.ts"));
});
