/** What the open program writes, as plain text. */

import { useEffect, useRef } from "preact/hooks";
import { Terminal } from "../../terminal.ts";
import { workspace } from "../workspace/workspace.ts";

export function OutputView({ label }: { readonly label: string }) {
  const lines = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (lines.current === null) return;
    const terminal = new Terminal(lines.current);
    return workspace.output.subscribe({
      write: (stream, text) => terminal.write(stream, text),
      clear: () => terminal.clear(),
    });
  }, []);
  return <div ref={lines} class="terminal-lines" role="log" aria-label={label} tabIndex={0} />;
}
