/** The cost of interruption, in speed and in load time. */

import { loadPlugin, type ModuleSource, type Plugin, t } from "cloche";
// Imported from src: the rewriter is not a public entry point.
import { readModuleLayout } from "../src/abi/module-layout.ts";
import { DEFAULT_LIMITS } from "../src/limits.ts";
import { rewriteModule } from "../src/rewrite/rewrite-module.ts";
import { type Contestant, expectEqual, type Group, type Row, race, type Table } from "./measure.ts";

/** The first one only bounds the module's sizes. */
const FORMS = ["terminate", "epoch", "fuel"] as const;
const BARE = FORMS[0];

const KERNELS_URL = "/plugins/kernels.wasm";
const DOCUMENTS_URL = "/plugins/documents.wasm";

/** Rounds in the guest that take about 10 ms: long compared with the message of the call. */
const KERNELS = {
  fibonacci: 150,
  matrix: 13,
  bodies: 90,
  mandelbrot: 16,
  sieve: 50,
  sort: 10,
  crc32: 64,
  sha256: 12,
  map: 40,
  interpreter: 40,
  tokenizer: 160,
};

export const interruption: Group = {
  name: "interruption",
  run: async () => [
    ...(await kernels()),
    ...(await documents()),
    await rewriting(),
    await loading(),
  ],
};

async function kernels(): Promise<Table[]> {
  const plugins = await inEachForm(KERNELS_URL);
  const tables: Table[] = [];
  for (const [name, rounds] of Object.entries(KERNELS)) {
    const table = await raceOnAnswers(`kernel ${name}`, plugins, (plugin) => {
      const kernel = plugin.function(name, [t.u32], t.u32);
      return () => kernel(rounds);
    });
    tables.push(table);
  }
  for (const plugin of plugins) plugin.terminate();
  return [...tables, meanOf("kernels", tables)];
}

/** Two real libraries, on a text of about 200 KB. */
async function documents(): Promise<Table[]> {
  const plugins = await inEachForm(DOCUMENTS_URL);
  const text = Array.from({ length: 2000 }, (_, index) => paragraph(index)).join("\n");
  const [bare] = plugins as [Plugin];
  const packed = await bare.function("pack", [t.string], t.bytes)(text);
  const unpacked = t.result(t.string, t.string);
  const works: Readonly<Record<string, (plugin: Plugin) => () => Promise<unknown>>> = {
    "Markdown to HTML": (plugin) => {
      const render = plugin.function("render", [t.string], t.string);
      return async () => (await render(text)).length;
    },
    deflate: (plugin) => {
      const pack = plugin.function("pack", [t.string], t.bytes);
      return async () => (await pack(text)).length;
    },
    inflate: (plugin) => {
      const unpack = plugin.function("unpack", [t.bytes], unpacked);
      return async () => JSON.stringify(await unpack(packed)).length;
    },
  };
  const tables: Table[] = [];
  for (const [name, work] of Object.entries(works)) {
    tables.push(await raceOnAnswers(`library, ${name}`, plugins, work));
  }
  for (const plugin of plugins) plugin.terminate();
  return [...tables, meanOf("libraries", tables)];
}

function paragraph(index: number): string {
  const number = Math.imul(index + 1, 0x9e3779b1) >>> 0;
  return `${index % 20 === 0 ? "## " : ""}Number *${number}* of [${number % 97}](#x${index}), \`${number.toString(16)}\`\n`;
}

function inEachForm(source: ModuleSource): Promise<Plugin[]> {
  return Promise.all(FORMS.map((interruption) => loadPlugin(source, { interruption })));
}

/** Races the forms of a plugin at one kind of work. Their results must be equal. */
async function raceOnAnswers(
  title: string,
  plugins: readonly Plugin[],
  work: (plugin: Plugin) => () => Promise<unknown>,
): Promise<Table> {
  const works = plugins.map(work);
  const [expected] = await Promise.all(works.map((run) => run()));
  const contestants = works.map((run, index): Contestant => {
    const check = async () => expectEqual(await run(), expected);
    return { name: FORMS[index] ?? "", run: check };
  });
  return race({ title, unit: "ms", baseline: BARE, contestants, rounds: 25, warmUps: 8 });
}

/** A table of the geometric means of others, round by round, so that it averages ratios. */
function meanOf(what: string, tables: readonly Table[]): Table {
  const rows = FORMS.map((name): Row => {
    const all = tables.flatMap(({ rows }) => rows.filter((row) => row.name === name));
    const rounds = all[0]?.samples.length ?? 0;
    const samples = Array.from({ length: rounds }, (_, round) => {
      const logs = all.map((row) => Math.log(row.samples[round] ?? Number.NaN));
      return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
    });
    return { name, samples };
  });
  const headlines = Object.fromEntries(
    FORMS.slice(1).map((form) => [form, `${what} with "${form}", geometric mean`]),
  );
  const title = `${what}, geometric mean of ${tables.length}`;
  return { title, unit: "ms", baseline: BARE, headlines, rate: undefined, rows };
}

/** The speed of the rewriter, on a module of a plugin's size. */
async function rewriting(): Promise<Table> {
  const bytes = new Uint8Array(await (await fetch(DOCUMENTS_URL)).arrayBuffer());
  const megabytes = bytes.length / 1e6;
  const VALIDATE = "WebAssembly.validate";
  const rewrites = FORMS.map((interruption): Contestant => {
    const options = {
      ...{ pluginName: "bench", limits: DEFAULT_LIMITS },
      ...{ flagAddress: 0, isTraced: false },
    };
    return {
      name: interruption,
      operations: megabytes,
      run: () => {
        rewriteModule(bytes, readModuleLayout(bytes), { ...options, interruption });
      },
    };
  });
  const validate: Contestant = {
    name: VALIDATE,
    operations: megabytes,
    run: () => expectEqual(WebAssembly.validate(bytes), true),
  };
  return race({
    title: "rewrite, a megabyte",
    unit: "ms",
    baseline: VALIDATE,
    rate: "MB/s",
    contestants: [validate, ...rewrites],
    rounds: 40,
    warmUps: 15,
  });
}

/** The cost of rewriting in the load of a plugin that the browser has not cached. */
function loading(): Promise<Table> {
  const contestants = FORMS.map((interruption) => ({
    name: interruption,
    run: async () => {
      const url = `${DOCUMENTS_URL}?cold=${crypto.randomUUID()}`;
      const plugin = await loadPlugin(url, { interruption });
      const render = plugin.function("render", [t.string], t.string);
      expectEqual(await render("a"), "<p>a</p>\n");
      return () => plugin.terminate();
    },
  }));
  return race({
    title: "load to first answer, 262 KB from the server",
    unit: "ms",
    baseline: BARE,
    headlines: { epoch: 'load of 262 KB with "epoch"' },
    contestants,
    rounds: 30,
    warmUps: 5,
    restMs: 20,
  });
}
