import { writeFileSync } from "node:fs";
import { declarePlugin } from "cloche/schema";
import { defineCommand, onlyPositional } from "../command-line.ts";
import { Failure, messageOf, usageFailure } from "../failure.ts";
import { interfaceName } from "../module/interface-name.ts";
import { readModule } from "../module/read-module.ts";
import { writeOut } from "../terminal/output.ts";

export const typesCommand = defineCommand({
  usage: "types <module.wasm> [options]",
  summary: "print the TypeScript declarations of a plugin",
  details: `
Examples:
  cloche types words.wasm --out words.d.ts
  loadPlugin<Words, WordsHost>("/plugins/words.wasm", …)   // on the page`,
  options: {
    name: { type: "string", value: "<name>", help: "of the interface (default: from the file)" },
    out: { type: "string", short: "o", value: "<file>", help: "write there, not to stdout" },
    schema: {
      type: "string",
      value: "<text or file>",
      help: "of a plugin that does not describe itself",
    },
  },
  run: async ({ options: { name, out, schema }, positionals }) => {
    const path = onlyPositional(positionals, "the module");
    const module = readModule(path, schema);
    if (module.schema === undefined) {
      throw new Failure(
        `"${path}" does not describe itself: build it with an SDK that writes a schema, or pass --schema`,
      );
    }
    if (name !== undefined && !/^[A-Za-z_$][\w$]*$/.test(name)) {
      throw usageFailure(`Invalid --name "${name}" (must be an identifier)`);
    }
    const text = declarePlugin(module.schema, { name: name ?? interfaceName(module.name) });
    if (out === undefined) await writeOut(text);
    else writeTo(out, text);
    return 0;
  },
});

function writeTo(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new Failure(`Cannot write "${path}": ${messageOf(error)}`);
  }
}
