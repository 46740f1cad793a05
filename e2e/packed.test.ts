import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as esbuild from "esbuild";
import * as vite from "vite";
import { ROOT } from "./examples/examples.ts";
import { ALLOC, FREE, guest, MEMORY } from "./harness/hand-made-guest.ts";
import { expect, PLAIN, test } from "./harness/test.ts";

/** A project with the packed library installed, and a page that loads a plugin on both engines. */
let project: string;

const PAGE = `
  import { loadPlugin, t } from "cloche";
  import { wasmer } from "cloche/wasmer";

  async function run(options) {
    const plugin = await loadPlugin("/plugins/double.wasm", options);
    return plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([21]);
  }
  document.body.textContent = String(await Promise.all([run(), run({ wasi: wasmer() })]));
`;

/** Computes for some 100 ms. */
const SLOW = Uint8Array.from(
  guest(
    MEMORY,
    ALLOC,
    FREE,
    `(func (export "__slow") (param i64) (result i64) (local $n i32)
      (local.set $n (i32.const 50000000))
      (loop $turn (br_if $turn (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (i64.const 0))`,
  ),
);

test.beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "cloche-packed-"));
  execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", project], {
    cwd: ROOT,
    stdio: "pipe",
  });
  const [tarball] = readdirSync(project) as [string];
  const installed = join(project, "node_modules/cloche");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(project, tarball), "-C", installed, "--strip-components=1"]);
  writeFileSync(join(project, "page.js"), PAGE);
});

test.afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Each returns the page as one script. */
const BUNDLERS: Record<string, () => Promise<string>> = {
  esbuild: async () => {
    const { outputFiles } = await esbuild.build({
      entryPoints: [join(project, "page.js")],
      bundle: true,
      format: "esm",
      write: false,
    });
    return outputFiles[0]?.text ?? "";
  },
  Vite: async () => {
    await vite.build({
      root: project,
      configFile: false,
      logLevel: "warn",
      build: { rolldownOptions: { input: "page.js", output: { entryFileNames: "page.js" } } },
    });
    return readFileSync(join(project, "dist/page.js"), "utf8");
  },
};

for (const [bundler, bundle] of Object.entries(BUNDLERS)) {
  test(`the packed library runs in a bundle by ${bundler}`, async ({ page }) => {
    const script = await bundle();
    const address = `${PLAIN}packed/`;
    await page.route(`${address}page.js`, (route) =>
      route.fulfill({ contentType: "text/javascript", body: script }),
    );
    await page.route(address, (route) =>
      route.fulfill({
        contentType: "text/html",
        body: '<!doctype html><body><script type="module" src="page.js"></script>',
      }),
    );
    await page.goto(address);
    await expect(page.locator("body")).toHaveText("42,42");
  });
}

test("the packed library runs in Node, and what is idle lets the process end", () => {
  writeFileSync(
    join(project, "script.mjs"),
    `
      import { loadPlugin, t } from "cloche";
      import { wasmer } from "cloche/wasmer";
      import { readFolder } from "cloche/node";

      const files = await readFolder("folder");
      async function run(options) {
        const plugin = await loadPlugin("plugins/double.wasm", { files, restart: true, ...options });
        return plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([21]);
      }
      console.log(String(await Promise.all([run(), run({ wasi: wasmer(), restart: false })])));
      const slow = await loadPlugin("plugins/slow.wasm");
      // Nobody waits for it but the process.
      void slow.function("slow", [], t.unit)().then(() => console.log("after the call"));
    `,
  );
  cpSync(join(ROOT, "public/plugins"), join(project, "plugins"), { recursive: true });
  mkdirSync(join(project, "folder"));
  writeFileSync(join(project, "folder/file.txt"), "text");
  writeFileSync(join(project, "plugins/slow.wasm"), SLOW);
  const printed = execFileSync(process.execPath, ["script.mjs"], {
    cwd: project,
    encoding: "utf8",
    timeout: 20_000,
  });
  expect(printed).toBe("42,42\nafter the call\n");
});

test("the packed library has a file for each of its entry points", () => {
  const installed = join(project, "node_modules/cloche");
  const { main, types, exports, alias } = JSON.parse(
    readFileSync(join(installed, "package.json"), "utf8"),
  );
  const entries: Record<string, Record<"types" | "default", string>> = { ...exports };
  delete entries["./package.json"];
  const files = Object.values(entries).flatMap((entry) => Object.values(entry));
  for (const file of files) expect(readFileSync(join(installed, file), "utf8")).not.toBe("");
  // Older tools and Parcel read these in place of `exports`.
  expect(entries["."]).toMatchObject({ types, default: main });
  delete entries["."];
  delete entries["./node"];
  expect(alias).toEqual(
    Object.fromEntries(Object.entries(entries).map(([path, entry]) => [path, entry.default])),
  );
});
