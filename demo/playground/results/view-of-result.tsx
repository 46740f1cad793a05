/** One view of a result. */

import type { TypeDescription } from "cloche";
import { useEffect, useRef, useState } from "preact/hooks";
import { byteText } from "../byte-text.ts";
import { book } from "../call-form/form-state.ts";
import { hexOf } from "../call-form/hex.ts";
import { jsonOfValue } from "../call-form/json-of-value.ts";
import { printJson } from "../call-form/json-value.ts";
import { drawPixels, type Pixels } from "../picture/pixels.ts";
import { saveFile } from "../save-file.ts";
import type { Plot, ResultView, Table } from "./result-view.ts";

/** What is put on the page of a text, which a plugin may make as long as it likes. */
const SHOWN_CHARACTERS = 50_000;
const SHOWN_ROWS = 200;
const SHOWN_BYTES = 2048;

export function ViewOfResult({
  view,
  type,
  value,
}: {
  readonly view: ResultView;
  readonly type: TypeDescription;
  readonly value: unknown;
}) {
  switch (view.name) {
    case "Picture":
      return <PictureView picture={view.picture} />;
    case "Plot":
      return <PlotView plot={view.plot} />;
    case "Table":
      return <TableView table={view.table} />;
    case "Text":
      return <TextView text={view.text} label="Result as text" />;
    case "Image file":
      return <ImageView image={view.image} />;
    case "Hex":
      return <TextView text={hexDump(view.bytes)} label="Result as hexadecimal digits" />;
    case "JSON":
      return book.value.resolve(type).kind === "unit" ? (
        <p class="field-note">The function returns nothing.</p>
      ) : (
        <TextView text={printJson(jsonOfValue(type, value, book.value))} label="Result as JSON" />
      );
  }
}

function TextView({ text, label }: { readonly text: string; readonly label: string }) {
  const rest = text.length - SHOWN_CHARACTERS;
  return (
    <>
      <pre class="result-text" tabIndex={0} role="region" aria-label={label}>
        {text.slice(0, SHOWN_CHARACTERS)}
      </pre>
      {rest > 0 && <p class="field-note">and {rest.toLocaleString("en")} more characters</p>}
    </>
  );
}

function PictureView({ picture }: { readonly picture: Pixels }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current !== null) drawPixels(canvas.current, picture);
  }, [picture]);
  const size = `${picture.width} × ${picture.height}`;
  return (
    <figure class="result-picture">
      <canvas ref={canvas} role="img" aria-label={`The resulting picture, ${size}`} />
      <figcaption class="field-note">
        {size}, {byteText(picture.bytes.length)} of pixels
        <button
          type="button"
          class="chip-button"
          onClick={() => canvas.current?.toBlob((blob) => blob && saveFile(blob, "picture.png"))}
        >
          Save as PNG
        </button>
      </figcaption>
    </figure>
  );
}

function ImageView({ image }: { readonly image: Blob }) {
  const [address, setAddress] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(image);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [image]);
  return <img class="result-image" src={address} alt="The resulting file, as an image" />;
}

function TableView({ table }: { readonly table: Table }) {
  const rest = table.rows.length - SHOWN_ROWS;
  return (
    <>
      <div class="result-table" tabIndex={0} role="region" aria-label="Result as a table">
        <table>
          <thead>
            <tr>
              {table.columns.map((name, index) => (
                <th key={index} scope="col">
                  {name === "" ? <span class="visually-hidden">position</span> : name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.slice(0, SHOWN_ROWS).map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={column}>{cellText(table.columnTypes[column], cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rest > 0 && <p class="field-note">and {rest.toLocaleString("en")} more rows</p>}
    </>
  );
}

function cellText(type: TypeDescription | undefined, cell: unknown): string {
  if (type === undefined) return "";
  const json = jsonOfValue(type, cell, book.value);
  return typeof json === "string" ? json : printJson(json).slice(0, 500);
}

function PlotView({ plot }: { readonly plot: Plot }) {
  const figure = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const holder = figure.current;
    if (holder === null) return;
    let end = () => {};
    let isGone = false;
    void import("./draw-plot.ts").then(({ drawPlot }) => {
      if (!isGone) end = drawPlot(holder, plot);
    });
    return () => {
      isGone = true;
      end();
    };
  }, [plot]);
  const values = plot.lines.slice(1).flat().filter(Number.isFinite);
  const range =
    values.length === 0
      ? ""
      : `, from ${values.reduce((a, b) => Math.min(a, b))} to ${values.reduce((a, b) => Math.max(a, b))}`;
  return (
    <div
      ref={figure}
      class="plot"
      role="img"
      aria-label={`Plot of ${plot.lines[0]?.length ?? 0} points${range}`}
    />
  );
}

function hexDump(bytes: Uint8Array): string {
  const lines = [];
  for (let start = 0; start < Math.min(bytes.length, SHOWN_BYTES); start += 16) {
    const line = bytes.subarray(start, start + 16);
    const hex = hexOf(line).replace(/../g, "$& ").padEnd(48);
    const text = Array.from(line, (byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".",
    ).join("");
    lines.push(`${start.toString(16).padStart(6, "0")}  ${hex} ${text}`);
  }
  if (bytes.length > SHOWN_BYTES) lines.push(`… ${byteText(bytes.length)} in all`);
  return lines.length === 0 ? "No bytes" : lines.join("\n");
}
