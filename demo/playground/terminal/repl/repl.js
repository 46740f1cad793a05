// Reads JavaScript line by line and prints what it evaluates to, in QuickJS.
// oxlint-disable-next-line no-eval -- it is what a prompt is for, and this one runs in a sandbox.
const evaluate = globalThis.eval;
const { print, std } = globalThis;

function show(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return value.toString();
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Error) return String(value.stack ? `${value}\n${value.stack}` : value);
  if (value instanceof Map) return `Map ${show([...value])}`;
  if (value instanceof Set) return `Set ${show([...value])}`;
  if (typeof value !== "object" || value === null) return String(value);
  try {
    return JSON.stringify(value, (_key, each) => (typeof each === "bigint" ? `${each}n` : each));
  } catch {
    return String(value);
  }
}

/** What `let` and `const` declare would be gone with the next line. */
function lasting(code) {
  return code.replace(/^\s*(let|const)\b/, "var");
}

/** Whether more lines may complete the code. */
function isUnfinished(error) {
  return error instanceof SyntaxError && /: ''$|expecting '[})\]]'$/.test(error.message);
}

print("QuickJS. print(…) writes, std.loadFile(path) reads a file, std.exit() ends.");
let code = "";
for (;;) {
  std.puts(code === "" ? "js> " : "... ");
  const line = std.getline();
  if (line === null) break;
  code += `${line}\n`;
  try {
    const value = evaluate(lasting(code));
    if (value !== undefined) print(show(value));
    code = "";
  } catch (error) {
    if (line !== "" && isUnfinished(error)) continue;
    print(error instanceof Error ? `${error}` : `Uncaught ${show(error)}`);
    code = "";
  }
}
