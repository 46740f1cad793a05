/** The Vite plugin. */

import { createHash } from "node:crypto";
import { findSchema } from "cloche/schema";
import type { Plugin, ResolvedConfig, ViteDevServer } from "vite";
import { buildSource } from "./builders/build-source.ts";
import type { BuiltPlugin } from "./builders/builder.ts";
import { declarationPath, declareInFile } from "./declaration-file.ts";
import { printBuiltLoader, printHotLoader } from "./loader-module.ts";
import { importedPath, moduleId, pluginPath, sourceAt } from "./plugin-source.ts";
import { reportDiagnostics } from "./report-diagnostics.ts";

/** The options of {@link cloche}. */
export interface ClocheOptions {
  /**
   * Whether `vite` and `vite preview` send the headers that isolate a page (COOP and COEP), so that its
   * plugins can use shared memory. The server of the built page must send them itself. Default: `false`.
   */
  readonly isolate?: boolean;
  /**
   * The file that the types of imported plugins are written to, from the root of the project; `false`
   * for none. Default: `cloche-plugins.d.ts`, in `src` where there is such a folder.
   */
  readonly declarations?: string | false;
}

const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const CARGO_OUTPUT = "**/target/{debug,release,wasm32-*}/**";

/** Where the development server has the modules, below its base. */
const SERVED = "@cloche/";

/**
 * Lets a page import plugins by the query `?plugin`: modules, and sources, which are compiled.
 *
 * @example
 * export default defineConfig({ plugins: [cloche({ isolate: true })] });
 */
export function cloche(options: ClocheOptions = {}): Plugin {
  const headers = options.isolate === true ? { headers: ISOLATION } : {};
  /** The newest module of each source, by its path below {@link SERVED}. */
  const served = new Map<string, Uint8Array>();
  /** The last build of each source, by module id. */
  const builds = new Map<string, Promise<BuiltPlugin>>();
  /** The files that each was made of. */
  const inputsOf = new Map<string, readonly string[]>();
  let config: ResolvedConfig;
  /** The development server's. */
  let watcher: ViteDevServer["watcher"] | undefined;

  return {
    name: "cloche",
    enforce: "pre",

    config: (given) => ({
      server: {
        ...headers,
        // Cargo writes thousands of files.
        ...(given.server?.watch === null ? {} : { watch: { ignored: [CARGO_OUTPUT] } }),
      },
      preview: headers,
      // A dependency that Vite finds after the start makes it reload the page.
      optimizeDeps: { include: ["@cloche/vite > cloche"], exclude: ["@cloche/vite"] },
    }),

    configResolved(resolved) {
      config = resolved;
    },

    configureServer(server) {
      ({ watcher } = server);
      const prefix = config.base + SERVED;
      server.middlewares.use((request, response, next) => {
        const path = request.url?.split("?")[0] ?? "";
        const wasm = path.startsWith(prefix) ? served.get(path.slice(prefix.length)) : undefined;
        if (wasm === undefined) return next();
        for (const [name, value] of Object.entries(config.server.headers ?? {})) {
          if (value !== undefined) response.setHeader(name, value);
        }
        response.setHeader("Content-Type", "application/wasm");
        response.setHeader("Cache-Control", "no-cache");
        response.end(wasm);
      });
    },

    // Not by `addWatchFile`: Vite 5 then reloads the page, and no version knows the files of a failed build.
    handleHotUpdate({ file, modules, server }) {
      const affected = Array.from(inputsOf).flatMap(([id, inputs]) =>
        inputs.includes(file) ? (server.moduleGraph.getModuleById(id) ?? []) : [],
      );
      return [...new Set([...modules, ...affected])];
    },

    async resolveId(specifier, importer) {
      const path = pluginPath(specifier);
      if (path === undefined) return undefined;
      const found =
        importedPath(path, importer, config.root) ??
        (await this.resolve(path, importer, { skipSelf: true }))?.id;
      return found === undefined ? undefined : moduleId(sourceAt(found));
    },

    async load(id) {
      const path = pluginPath(id);
      if (path === undefined) return undefined;
      const source = sourceAt(path);
      // One after the other: the newest is the last to be served.
      const before = builds.get(id)?.catch(() => {});
      const { root, isProduction } = config;
      const build = Promise.resolve(before).then(() => buildSource(source, { root, isProduction }));
      builds.set(id, build);
      const { wasm, inputs, diagnostics } = await build;
      if (watcher === undefined) for (const input of inputs) this.addWatchFile(input);
      else watcher.add([...inputs]);
      // A build that failed may not have come to all of them.
      const known = wasm === undefined ? (inputsOf.get(id) ?? []) : [];
      const paths = inputs.map((input) => input.replaceAll("\\", "/"));
      inputsOf.set(id, [...new Set([...known, ...paths])]);
      reportDiagnostics(this, diagnostics, root);
      if (wasm === undefined) throw new TypeError(`Cannot build plugin "${path}"`);
      const declarations = declarationPath(config.root, options.declarations);
      if (declarations !== undefined) {
        declareInFile(declarations, root, source, findSchema(wasm));
      }
      const fileName = `${source.name}.wasm`;
      if (config.command === "build") {
        const asset = this.emitFile({ type: "asset", name: fileName, source: wasm });
        return printBuiltLoader(source.name, asset);
      }
      const address = `${shortHash(id)}/${fileName}`;
      served.set(address, wasm);
      return printHotLoader(
        source.name,
        `${config.base}${SERVED}${address}?version=${shortHash(wasm)}`,
      );
    },
  };
}

function shortHash(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 12);
}
