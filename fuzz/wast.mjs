// Reads the scripts of WebAssembly's test suite: their modules as binaries, and their calls. Expected
// results are ignored: the original module provides them.
import wabt from "wabt";

const FEATURES = {
  bulk_memory: true,
  exceptions: true,
  extended_const: true,
  memory64: true,
  multi_memory: true,
  multi_value: true,
  mutable_globals: true,
  reference_types: true,
  relaxed_simd: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  tail_call: true,
  threads: true,
};

/** The types of arguments that JavaScript can pass. */
const RESULT_TYPES = {
  "i32.const": "i32",
  "i64.const": "i64",
  "f32.const": "f32",
  "f64.const": "f64",
};

/** @typedef {import("./script.ts").Command} Command */

/**
 * @param {string} text
 * @returns {Promise<{ commands: Command[], constants: Uint8Array, unread: number }>} `constants` is a
 *   module that exports a function for each argument, named "0", "1" and so on, as in the commands.
 *   `unread` is the number of forms that the assembler or this reader does not know.
 */
export async function readScript(text) {
  const toolkit = await wabt();
  const constants = [];
  let unread = 0;

  const assemble = (source) => {
    const module = toolkit.parseWat("script.wast", source, FEATURES);
    try {
      return module.toBinary({}).buffer;
    } finally {
      module.destroy();
    }
  };
  const moduleOf = (form) => {
    const [, name] = form.items;
    const id = isId(name) ? name : undefined;
    return { op: "module", id, bytes: assemble(form.source) };
  };
  const actionOf = (form) => {
    const [op, ...rest] = form.items;
    const id = isId(rest[0]) ? rest.shift() : undefined;
    const [field, ...args] = rest;
    if (op === "get") return { op, id, field: unquoted(field) };
    if (op !== "invoke") throw new Error(`no action: ${op}`);
    const indexes = args.map(({ items, source }) => {
      const type = RESULT_TYPES[items[0]];
      if (type === undefined) throw new Error(`no number: ${source}`);
      const constant = `(func (export "${constants.length}") (result ${type}) ${source})`;
      assemble(`(module ${constant})`); // It does not know some numbers of older scripts.
      return constants.push(constant) - 1;
    });
    return { op, id, field: unquoted(field), args: indexes };
  };
  const commandOf = (form) => {
    const [op, first, second] = form.items;
    switch (op) {
      case "module":
        return moduleOf(form);
      case "register":
        return { op, as: unquoted(first), id: isId(second) ? second : undefined };
      case "invoke":
      case "get":
        return actionOf(form);
      case "assert_invalid":
      case "assert_malformed":
        return { op: "broken", bytes: moduleOf(first).bytes };
      default:
        return first.items[0] === "module" ? moduleOf(first) : actionOf(first);
    }
  };

  const commands = readForms(text).flatMap((form) => {
    try {
      return [commandOf(form)];
    } catch {
      unread += 1;
      // Later commands refer to it, and must not use the module before it instead.
      return form.items[0] === "module" ? [{ op: "none" }] : [];
    }
  });
  return { commands, constants: assemble(`(module ${constants.join("\n")})`), unread };
}

function isId(item) {
  return typeof item === "string" && item.startsWith("$");
}

function unquoted(text) {
  const bytes = [];
  for (const [, code, escape, plain] of text
    .slice(1, -1)
    .matchAll(/\\([\da-f]{2})|\\(.)|([^\\]+)/gi)) {
    if (code !== undefined) bytes.push(Number.parseInt(code, 16));
    else bytes.push(...Buffer.from({ n: "\n", t: "\t", r: "\r" }[escape] ?? escape ?? plain));
  }
  return Buffer.from(bytes).toString();
}

const TOKEN = /;;[^\n]*|\(;|\(|\)|"(?:[^"\\]|\\.)*"|[^\s()";]+/g;

/** The forms of a script, each with its items and its source. */
function readForms(text) {
  const top = { items: [], start: 0 };
  const open = [top];
  const tokens = new RegExp(TOKEN);
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const [token] = match;
    if (token === "(;") tokens.lastIndex = endOfComment(text, match.index);
    else if (token === "(") {
      const form = { items: [], start: match.index, source: "" };
      open.at(-1).items.push(form);
      open.push(form);
    } else if (token === ")") {
      const form = open.pop();
      form.source = text.slice(form.start, tokens.lastIndex);
    } else if (!token.startsWith(";;")) open.at(-1).items.push(token);
  }
  return top.items;
}

function endOfComment(text, start) {
  const ends = /\(;|;\)/g;
  ends.lastIndex = start;
  let depth = 0;
  for (let match = ends.exec(text); match !== null; match = ends.exec(text)) {
    depth += match[0] === "(;" ? 1 : -1;
    if (depth === 0) return ends.lastIndex;
  }
  return text.length;
}
