/** What the module of the open program is: size, memory, types, exports, imports, source. */

import { printFunction, printType } from "cloche/schema";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { showCode } from "../../code-view.ts";
import { errorText } from "../../error-text.ts";
import { byteText } from "../byte-text.ts";
import { openEntry } from "../selection.ts";
import { workspace } from "../workspace/workspace.ts";
import { type Extern, type ModuleReport, reportOfModule } from "./module-report.ts";

const PAGE_BYTES = 65_536;
/** Rows that are listed; Ruby exports thousands. */
const SHOWN_ROWS = 300;

export function InspectPanel() {
  const bytes = workspace.moduleBytes.value;
  const report = useMemo(() => reportOrProblem(bytes), [bytes]);
  if (report === undefined) return <p class="quiet-text">There is no module to inspect.</p>;
  if ("problem" in report) return <p class="quiet-text error-text">{report.problem}</p>;
  const { kind, verdict, memory, schema, schemaProblem } = report;
  return (
    <div class="panel-body inspect">
      <p class="docs">{verdict}</p>
      <dl class="inspect-facts">
        <div>
          <dt>Size</dt>
          <dd>{byteText(report.bytes)}</dd>
        </div>
        <div>
          <dt>Memory at the start</dt>
          <dd>{memory === undefined ? "none" : byteText(memory.pages * PAGE_BYTES)}</dd>
        </div>
        <div>
          <dt>Memory at most</dt>
          <dd>
            {memory?.maxPages === undefined
              ? "as the limit allows"
              : byteText(memory.maxPages * PAGE_BYTES)}
          </dd>
        </div>
        <div>
          <dt>Describes itself</dt>
          <dd>{schema === undefined ? "no" : "yes"}</dd>
        </div>
      </dl>
      {schemaProblem !== "" && <p class="error-text">{schemaProblem}</p>}
      {schema !== undefined && kind === "plugin" && (
        <section aria-labelledby="schema-title">
          <h3 id="schema-title">What it says of itself</h3>
          <pre class="result-text" tabIndex={0} role="region" aria-label="Schema">
            {schemaText(schema)}
          </pre>
        </section>
      )}
      <Externs title="Exports" externs={report.exports} />
      <Externs title="Imports" externs={report.imports} />
      <Source />
    </div>
  );
}

function reportOrProblem(
  bytes: Uint8Array<ArrayBuffer> | undefined,
): ModuleReport | { readonly problem: string } | undefined {
  try {
    return bytes && reportOfModule(bytes);
  } catch (error) {
    return { problem: errorText(error) };
  }
}

function schemaText(schema: NonNullable<ModuleReport["schema"]>): string {
  return [
    ...schema.types.map(({ name, type }) =>
      type.kind === "resource" ? `resource ${name};` : `type ${name} = ${printType(type)};`,
    ),
    ...schema.functions.map((each) => `fn ${printFunction(each)};`),
    ...schema.hostFunctions.map((each) => `import fn ${printFunction(each)};`),
  ].join("\n");
}

function Externs({
  title,
  externs,
}: {
  readonly title: string;
  readonly externs: readonly Extern[];
}) {
  const rest = externs.length - SHOWN_ROWS;
  return (
    <details class="externs">
      <summary>
        {title} <span class="type-name">{externs.length.toLocaleString("en")}</span>
      </summary>
      <div class="result-table" tabIndex={0} role="region" aria-label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col">name</th>
              <th scope="col">kind</th>
              <th scope="col">type</th>
            </tr>
          </thead>
          <tbody>
            {externs.slice(0, SHOWN_ROWS).map(({ name, kind, type }, index) => (
              <tr key={index}>
                <td>{name}</td>
                <td>{kind}</td>
                <td>{type}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rest > 0 && <p class="field-note">and {rest.toLocaleString("en")} more</p>}
    </details>
  );
}

/** The source of a plugin of the gallery. */
function Source() {
  const code = useRef<HTMLElement>(null);
  const [text, setText] = useState("");
  const load = openEntry.value?.code;
  useEffect(() => {
    setText("");
    let isCurrent = true;
    void load?.().then((found) => isCurrent && setText(found));
    return () => {
      isCurrent = false;
    };
  }, [load]);
  useEffect(() => {
    if (code.current !== null) showCode(code.current, text.trim());
  }, [text]);
  if (load === undefined) return null;
  return (
    <section aria-labelledby="source-title">
      <h3 id="source-title">Its source</h3>
      <pre class="result-text source" tabIndex={0} role="region" aria-label="Source">
        <code ref={code} />
      </pre>
    </section>
  );
}
