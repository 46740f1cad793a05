// Rendered on the server, where the library is imported too.
import { DEFAULT_LIMITS } from "cloche";
import { declarePlugin } from "cloche/schema";
import { Ways } from "./ways.js";

export default function Page() {
  const isImported = DEFAULT_LIMITS.callMs > 0 && typeof declarePlugin === "function";
  return (
    <main>
      <p>{isImported ? "imported on the server" : "not imported"}</p>
      <Ways />
    </main>
  );
}
