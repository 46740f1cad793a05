import { createServer, type OutgoingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { findBrowser } from "../../../scripts/browsers.mjs";
import { cloche } from "./program.test-kit.ts";

const ISOLATING = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Examines a page that is served with these headers. */
async function examine(headers: OutgoingHttpHeaders) {
  const server = createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "text/html", ...headers }).end("<p>A page</p>");
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address() as AddressInfo;
  const browser = findBrowser("chromium")?.executablePath ?? "chromium";
  try {
    return await cloche(["doctor", "--page", `http://localhost:${port}/`, "--browser", browser]);
  } finally {
    server.close();
  }
}

describe("doctor of a page", () => {
  test("finds all on a page whose headers isolate it and whose policy allows plugins", async () => {
    const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:";
    const ended = await examine({ ...ISOLATING, "Content-Security-Policy": policy });
    expect([ended.exitCode, ended.stderr]).toEqual([0, ""]);
    expect(ended.stdout).toMatch(/^chromium \d+[\d.]+, http:\/\/localhost:\d+\/\nyes {2}workers /);
    expect(ended.stdout).not.toMatch(/^no /m);
  });

  test("names the header and the line of the policy that a page lacks", async () => {
    const { exitCode, stdout } = await examine({ "Content-Security-Policy": "worker-src 'none'" });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("\nno   workers and WebAssembly: no plugin can be loaded: ");
    expect(stdout).toContain("needs worker-src blob:");
    expect(stdout).toContain("(send the headers Cross-Origin-Opener-Policy: same-origin and ");
  });

  test("says what cannot be opened", async () => {
    const wrong = await cloche(["doctor", "--page", "nowhere"]);
    expect(wrong).toMatchObject({ exitCode: 2, stdout: "" });
    expect(wrong.stderr).toContain('Invalid --page "nowhere"');
    const missing = await cloche(["doctor", "-p", "http://localhost/", "--browser", "/none"]);
    expect(missing).toMatchObject({ exitCode: 3, stdout: "" });
    expect(missing.stderr).toContain("Cannot start a browser (");
  });
});

describe("doctor", () => {
  test("tells what this Node allows plugins", async () => {
    const { exitCode, stdout, stderr } = await cloche(["doctor"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`Node ${process.versions.node}\n`);
    expect(stdout).toContain("\nyes  workers and WebAssembly: plugins can be loaded\n");
    expect(stdout).toContain("\nyes  lasting files: mounts can be kept in folders (openFolder");
  });

  test("prints the findings as JSON", async () => {
    const { stdout } = await cloche(["doctor", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ canLoad: true, lane: "shared-memory" });
  });

  test("takes no arguments", async () => {
    const { exitCode, stderr } = await cloche(["doctor", "http://localhost/"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Unexpected argument "http://localhost/"');
  });
});
