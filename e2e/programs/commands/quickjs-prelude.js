// Runs inside QuickJS before the script: makes of what quickjs.wat lends a small library, in the manner
// of the one that `qjs` has. Evaluates to a function, which gives back what reports an uncaught error.
// oxlint-disable-next-line no-unused-expressions -- the function is what the text evaluates to.
(open, read, write, close, exit, readLine, args) => {
  const STDOUT = 1;
  const STDERR = 2;

  const checked = (result, what) => {
    if (typeof result === "number" && result < 0)
      throw new Error(`Cannot ${what}: errno ${-result}`);
    return result;
  };
  const withFile = (path, writes, use) => {
    const below = path.replace(/^\/+/, "");
    const fd = checked(open(below, writes), `open ${path}`);
    try {
      return checked(use(fd), `${writes ? "write" : "read"} ${path}`);
    } finally {
      close(fd);
    }
  };
  const line = (values) => `${values.map(String).join(" ")}\n`;

  Object.assign(globalThis, {
    scriptArgs: args,
    print: (...values) => void checked(write(STDOUT, line(values)), "print"),
    std: {
      loadFile: (path) => withFile(path, 0, read),
      writeFile: (path, text) => void withFile(path, 1, (fd) => write(fd, String(text))),
      puts: (text) => void checked(write(STDOUT, String(text)), "print"),
      exit: (code = 0) => exit(code),
      /** Of standard input, without its end; null after the last. */
      getline: () => {
        const line = checked(readLine(), "read standard input");
        return line === "" ? null : line.replace(/\n$/, "");
      },
    },
  });
  return (error) => {
    write(STDERR, error instanceof Error ? `${error}\n${error.stack}` : line(["Uncaught", error]));
  };
};
