/** The panel of findings, which are looked for when it is opened. */

import { useState } from "preact/hooks";
import { lazyPart } from "../lazy-part.tsx";

const DoctorPanel = lazyPart(async () => (await import("./doctor-panel.tsx")).DoctorPanel);

export function PageFindings() {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="card page-findings" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What this page allows plugins</summary>
      {isOpen && <DoctorPanel />}
    </details>
  );
}
