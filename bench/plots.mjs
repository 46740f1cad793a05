// Makes the page with plots: one file, with the results and the script in it.
import { resolve } from "node:path";
import { build } from "esbuild";
import { describeGoals } from "./goals.mjs";

const root = resolve(import.meta.dirname, "..");

/**
 * @param {object} results What `run.mjs` writes.
 * @param {readonly import("./goals.mjs").Finding[]} findings
 * @returns {Promise<string>}
 */
export async function plotPage(results, findings) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["bench/plots-page.ts"],
    outdir: "build/bench",
    bundle: true,
    format: "iife",
    minify: true,
    write: false,
    logLevel: "warning",
  });
  const [style, script] = [".css", ".js"].map(
    (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text,
  );
  const { startedAt, machine, isBrief, runs } = results;
  const where = `${machine.processor}, ${machine.cores} cores, ${machine.gibibytes} GiB, ${machine.system}`;
  const browsers = runs.map(({ userAgent }) => `<li>${escaped(userAgent)}</li>`).join("");
  const data = JSON.stringify(runs).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<title>Cloche bench, ${startedAt}</title>
<style>${style}
body { font: 14px system-ui, sans-serif; margin: 2rem; }
pre { overflow-x: auto; }
main { display: flex; flex-wrap: wrap; gap: 2rem; }
</style>
<h1>Cloche bench</h1>
<p>Measured <time>${startedAt}</time> on ${escaped(where)}.${isBrief ? " A brief run: the numbers mean nothing." : ""}</p>
<ul>${browsers}</ul>
<pre>${escaped(describeGoals(findings))}</pre>
<p>Each plot shows the time of every round, on a logarithmic scale: contestants of one round ran one
after the other. The legend has medians, and ratios to the one with the thick line.</p>
<main></main>
<script type="application/json" id="runs">${data}</script>
<script>${script.replaceAll("</script", "<\\/script")}</script>
</html>
`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
