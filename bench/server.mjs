// Serves the bench to the browser and receives the reports of its page.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { basename, extname, join } from "node:path";
import { setTimeout } from "node:timers/promises";

const PAGE = `<!doctype html>
<meta charset="utf-8" />
<title>Cloche bench</title>
<link rel="icon" href="data:," />
<script type="module" src="/page.js"></script>
`;

const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm" };

const PLAIN_HEADERS = { "Cache-Control": "no-store" };

/** Isolation gives the page shared memory and a clock with a resolution of 5 µs instead of 100. */
const HEADERS = {
  ...PLAIN_HEADERS,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/**
 * @param {object} options
 * @param {string} options.scripts The directory of the bundled scripts and other generated files.
 * @param {readonly string[]} options.plugins The directories of plugins, in the order of their search.
 * @param {(what: string, body: any) => void} options.onReport Receives the page's reports.
 * @param {() => Promise<number | undefined>} options.untilWorkersIdle Provides the answer to the page.
 * @param {() => object | undefined} options.residentMemory Provides the answer to the page.
 * @returns {Promise<{ address: string, close: () => void }>}
 */
export async function serveBench({ scripts, plugins, onReport, untilWorkersIdle, residentMemory }) {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    try {
      if (pathname === "/until-workers-idle") {
        answer(response, await untilWorkersIdle());
      } else if (pathname === "/resident-memory") {
        answer(response, residentMemory());
      } else if (request.method === "POST") {
        const body = await bodyOf(request);
        response.writeHead(204, HEADERS).end();
        onReport(basename(pathname), JSON.parse(body));
      } else if (pathname === "/") {
        const headers = searchParams.get("page") === "not isolated" ? PLAIN_HEADERS : HEADERS;
        response.writeHead(200, { ...headers, "Content-Type": "text/html" }).end(PAGE);
      } else {
        const directories = pathname.startsWith("/plugins/") ? plugins : [scripts];
        const file = await readFirst(directories, basename(pathname));
        const bytes = searchParams.has("cold") ? Buffer.concat([file, uniqueSection()]) : file;
        await setTimeout(Number(searchParams.get("after") ?? 0));
        const type = TYPES[extname(pathname)] ?? "application/octet-stream";
        response.writeHead(200, { ...HEADERS, "Content-Type": type }).end(bytes);
      }
    } catch (error) {
      response.writeHead(404, HEADERS).end(String(error));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readFirst([directory, ...others], name) {
  return readFile(join(directory, name)).catch((error) => {
    if (others.length === 0) throw error;
    return readFirst(others, name);
  });
}

async function bodyOf(request) {
  const chunks = await request.toArray();
  return Buffer.concat(chunks).toString("utf8");
}

/** A custom section that makes a module different: browsers cache the code of modules. */
function uniqueSection() {
  const name = Buffer.from("cold");
  const content = Buffer.concat([Buffer.from([name.length]), name, randomBytes(16)]);
  return Buffer.concat([Buffer.from([0, content.length]), content]);
}

/** Answers what there may not be. */
function answer(response, value) {
  const head = { ...HEADERS, "Content-Type": "application/json" };
  response.writeHead(value === undefined ? 204 : 200, head).end(value && JSON.stringify(value));
}
