/** Copies a link to what the playground shows. */

import { useState } from "preact/hooks";

const SHOWN_MS = 4000;

export function ShareButton() {
  const [said, setSaid] = useState("");
  const share = async () => {
    const { makeShareLink } = await import("./share-link.ts");
    const made = await makeShareLink();
    if ("problem" in made) {
      setSaid(made.problem);
      return;
    }
    history.replaceState(null, "", made.address);
    try {
      await navigator.clipboard.writeText(made.address);
      setSaid("Link copied. It holds everything; nothing was uploaded.");
    } catch {
      setSaid("The link is the address of this page now.");
    }
    setTimeout(() => setSaid(""), SHOWN_MS);
  };
  return (
    <>
      <button type="button" class="button" onClick={() => void share()}>
        Share
      </button>
      <p class="share-note" role="status">
        {said}
      </p>
    </>
  );
}
