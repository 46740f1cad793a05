// Serves what is tested, until it is killed: the harness with the headers that isolate a page and without, and last
// the built demo. In one process: Vite takes longer to start than to serve.
//
//   node e2e/harness/serve.mjs ISOLATED_PORT PLAIN_PORT DEMO_PORT
import { resolve } from "node:path";
import { preview } from "vite";

const [isolated, plain, demo] = process.argv.slice(2).map(Number);
const root = resolve(import.meta.dirname, "../..");
const harness = resolve(import.meta.dirname, "vite.config.ts");

const serve = (port, config) => preview({ ...config, preview: { port, strictPort: true } });
await serve(isolated, { configFile: harness });
await serve(plain, { configFile: harness, mode: "plain" });
await serve(demo, { root });
