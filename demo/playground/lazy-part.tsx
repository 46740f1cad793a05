/** Parts of the page that are fetched when they are first shown. */

import { type ComponentType, h } from "preact";
import { useEffect, useState } from "preact/hooks";

type Loaded = { readonly part: ComponentType } | { readonly error: unknown };

/** A component that fetches another one, and stands for it. */
export function lazyPart(load: () => Promise<ComponentType>): ComponentType {
  let known: ComponentType | undefined;
  return function LazyPart() {
    const [loaded, setLoaded] = useState<Loaded | undefined>(known && { part: known });
    useEffect(() => {
      if (loaded !== undefined) return;
      load().then(
        (part) => {
          known = part;
          setLoaded({ part });
        },
        (error: unknown) => setLoaded({ error }),
      );
    }, [loaded]);
    if (loaded === undefined) return <p class="quiet-text">Loading …</p>;
    if ("error" in loaded) {
      return <p class="error-text">This part could not be loaded: {String(loaded.error)}</p>;
    }
    return h(loaded.part, {});
  };
}
