/** What this page allows plugins, as the library finds it. */

import { signal } from "@preact/signals";
import { type Diagnosis, doctor } from "cloche";
import { useEffect } from "preact/hooks";
import { errorText } from "../../error-text.ts";

type Found = Diagnosis | { readonly problem: string };

const diagnosis = signal<Found | undefined>(undefined);

export function DoctorPanel() {
  useEffect(() => {
    if (diagnosis.peek() !== undefined) return;
    void doctor().then(
      (found) => {
        diagnosis.value = found;
      },
      (error: unknown) => {
        diagnosis.value = { problem: errorText(error) };
      },
    );
  }, []);
  const found = diagnosis.value;
  if (found === undefined) return <p class="panel-note">Looking …</p>;
  if ("problem" in found) return <p class="panel-note error-text">{found.problem}</p>;
  return (
    <ul class="findings">
      {found.findings.map(({ name, isThere, effect, remedy }) => (
        <li key={name} data-there={isThere ? "" : undefined}>
          <b>{name}</b>
          <span class="visually-hidden">{isThere ? ": there" : ": missing"}</span>
          <p>{effect}</p>
          {remedy !== undefined && <p class="remedy">To change it: {remedy}</p>}
        </li>
      ))}
    </ul>
  );
}
