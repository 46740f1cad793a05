/** A session of WebKitGTK's small browser, driven by W3C WebDriver, on a screen of its own that nobody sees. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { findWebKit } from "../../scripts/browsers.mjs";

/** How long the driver may take until it listens. */
const START_MS = 20_000;
/** Longer than a test may take. */
const SCRIPT_MS = 60_000;

/** WebKitGTK hides shared memory from pages, isolated or not, unless this is set. Safari does not. */
const WITH_SHARED_MEMORY = { JSC_useSharedArrayBuffer: "1" };

export class WebDriverSession {
  readonly #processes: readonly ChildProcess[];
  readonly #address: string;

  private constructor(processes: readonly ChildProcess[], address: string) {
    this.#processes = processes;
    this.#address = address;
  }

  /** Starts a screen, the driver, and the browser with one empty window. */
  static async start(): Promise<WebDriverSession> {
    const found = findWebKit();
    if (found === undefined) throw new Error("Cannot find WebKitWebDriver and Xvfb");
    const screen = spawn(
      found.screen,
      ["-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
      { stdio: ["ignore", "ignore", "ignore", "pipe"] },
    );
    const display = await firstLine(screen);
    const port = await freePort();
    const driver = spawn(found.driver, [`--port=${port}`], {
      stdio: "ignore",
      env: { ...process.env, DISPLAY: `:${display}`, ...WITH_SHARED_MEMORY },
    });
    // The browser ends with its screen.
    process.once("exit", () => [driver, screen].forEach((started) => started.kill()));
    const address = `http://127.0.0.1:${port}`;
    await untilListening(address);
    const capabilities = { alwaysMatch: { timeouts: { script: SCRIPT_MS } } };
    const { sessionId } = await send<{ sessionId: string }>("POST", `${address}/session`, {
      capabilities,
    });
    return new WebDriverSession([driver, screen], `${address}/session/${sessionId}`);
  }

  /** Runs one of the commands of https://www.w3.org/TR/webdriver2/#endpoints in the session. */
  command<T>(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<T> {
    return send(method, this.#address + path, body);
  }

  async end(): Promise<void> {
    await Promise.race([this.command("DELETE", "").catch(() => {}), delay(5000)]);
    for (const started of this.#processes) started.kill();
  }
}

async function send<T>(method: string, address: string, body?: object): Promise<T> {
  const response = await fetch(address, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (response.ok) return value;
  throw new Error(`WebDriver: ${value.error ?? response.status}: ${value.message ?? ""}`);
}

async function untilListening(address: string): Promise<void> {
  for (const endMs = performance.now() + START_MS; ; await delay(20)) {
    try {
      await send("GET", `${address}/status`);
      return;
    } catch (error) {
      if (performance.now() > endMs) throw error;
    }
  }
}

/** The first that a process writes to its fourth file descriptor. */
async function firstLine(started: ChildProcess): Promise<string> {
  const [data] = await Promise.race([
    once(started.stdio[3] as NodeJS.ReadableStream, "data"),
    once(started, "exit").then(() => {
      throw new Error(`${started.spawnfile} ended before it was ready`);
    }),
  ]);
  return String(data).trim();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
