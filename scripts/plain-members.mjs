// Makes private members of classes plain properties, and static blocks and fields assignments, in the
// workers' scripts: a script with any of them takes Firefox half as long again to read, and each worker
// reads it anew. What only this library's code can reach needs no more privacy from itself.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseAst } from "vite";

/** No name in the code begins like this. */
const PREFIX = "$private";
const PRIVATE = "PrivateIdentifier";

/** Options of esbuild. */
export const plainMembers = {
  plugins: [
    {
      name: "plain-members",
      setup({ onLoad }) {
        onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => ({
          contents: withoutPrivate(await readFile(path, "utf8"), basename(path, ".ts")),
          loader: "ts",
        }));
      },
    },
  ],
  mangleProps: new RegExp(`^\\${PREFIX}`),
  supported: { "class-static-blocks": false, "class-static-field": false },
  tsconfigRaw: { compilerOptions: { strict: true, useDefineForClassFields: false } },
};

/** Names them by numbers, so that all classes have the same few: that compresses better. */
function withoutPrivate(text, file) {
  const nodes = nodesOf(parseAst(text, { lang: "ts" }));
  if (nodes.some(({ operator, left }) => operator === "in" && left.type === PRIVATE)) {
    throw new Error(
      `${file}.ts asks for a private member by "in", and here that becomes a variable`,
    );
  }
  // A class and the one that it extends are in different files, and must not have the same names.
  const isExtending = nodes.some(({ superClass }) => superClass);
  const prefix = isExtending ? `${PREFIX}_${file.replaceAll("-", "_")}` : PREFIX;
  const members = nodes.filter(({ type }) => type === PRIVATE).sort((a, b) => a.start - b.start);
  const names = [...new Set(members.map(({ name }) => name))];
  let written = "";
  let end = 0;
  for (const { name, start, end: next } of members) {
    written += `${text.slice(end, start)}${prefix}${names.indexOf(name)}`;
    end = next;
  }
  return written + text.slice(end);
}

/** A node and all nodes in it. */
function nodesOf(value) {
  if (typeof value !== "object" || value === null) return [];
  const children = Object.values(value).flatMap(nodesOf);
  return "type" in value ? [value, ...children] : children;
}
