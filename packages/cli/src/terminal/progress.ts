/** Tells a person at a terminal what takes long. */

const SHOWN_AFTER_MS = 300;

/** Runs work; if it takes longer than 300 ms and standard error is a terminal, says what it is. */
export async function withProgress<T>(what: string, work: Promise<T>): Promise<T> {
  const { stderr } = process;
  if (!stderr.isTTY) return work;
  let isShown = false;
  const timer = setTimeout(() => {
    isShown = true;
    stderr.write(`${what} …`);
  }, SHOWN_AFTER_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    if (isShown) {
      stderr.clearLine(0);
      stderr.cursorTo(0);
    }
  }
}
