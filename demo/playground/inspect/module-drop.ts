/** A module that is dropped anywhere on the page is opened. */

import { useEffect, useState } from "preact/hooks";
import { openModule } from "./open-module.ts";

/** @returns Whether something is held over the page. Other files are for the panel under them. */
export function useModuleDrop(): boolean {
  const [isTarget, setTarget] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault();
      setTarget(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setTarget(false);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setTarget(false);
      const file = event.dataTransfer?.files.item(0);
      if (file?.name.endsWith(".wasm")) void openModule(file);
    };
    const end = new AbortController();
    const { signal } = end;
    addEventListener("dragover", over, { signal });
    addEventListener("dragleave", leave, { signal });
    addEventListener("drop", drop, { signal });
    return () => end.abort();
  }, []);
  return isTarget;
}
