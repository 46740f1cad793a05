import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";

const bundle = await rollup({ input: "page.js", plugins: [nodeResolve({ browser: true })] });
await bundle.write({ file: "site/page.js", format: "es" });
