const EXTENSIONS = ["", ".ts", ".tsx", ".mts", ".js", ".mjs", "/index.ts", "/index.js"];

/** Resolves an import by a relative path, like a bundler. Returns `undefined` if no file fits. */
export function resolveIn(
  specifier: string,
  from: string,
  exists: (file: string) => boolean,
): string | undefined {
  if (!/^\.{1,2}(\/|$)/.test(specifier)) return undefined;
  const isAbsolute = from.startsWith("/");
  const parts = from.split("/").slice(isAbsolute ? 1 : 0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  const path = `${isAbsolute ? "/" : ""}${parts.join("/")}`;
  // TypeScript imports a .ts file by the name that it has once it is compiled.
  const candidates = [
    ...EXTENSIONS.map((extension) => path + extension),
    path.replace(/\.([cm]?)js$/, ".$1ts"),
  ];
  return candidates.find(exists);
}
