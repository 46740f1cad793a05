/** A picture: from a file, from the clipboard, or one that the page draws. */

import { useEffect, useId, useRef } from "preact/hooks";
import { drawPixels, type Pixels, pixelsOfFile, samplePixels } from "../picture/pixels.ts";
import { attach, attachment } from "./attachments.ts";
import { FieldHead, type FieldProps, useProblem } from "./field-parts.tsx";
import { memberOf } from "./json-value.ts";
import type { PictureFields } from "./type-book.ts";

export function PictureField({
  label,
  type,
  value,
  path,
  onChange,
  fields,
}: FieldProps & { readonly fields: PictureFields }) {
  const id = useId();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { message } = useProblem(`${path}/${fields.pixels}`);
  const file = memberOf(memberOf(value, fields.pixels), "file");
  const width = Number(memberOf(value, fields.width));
  const height = Number(memberOf(value, fields.height));
  const bytes = typeof file === "string" ? attachment(file) : undefined;
  const take = (name: string, { width, height, bytes }: Pixels) =>
    onChange({
      [fields.width]: width,
      [fields.height]: height,
      [fields.pixels]: { file: attach(name, bytes) },
    });
  useEffect(() => {
    if (bytes === undefined) take("sample", samplePixels());
    else if (canvas.current !== null) drawPixels(canvas.current, { width, height, bytes });
  }, [bytes]);
  const takeFile = async (chosen: File | null = null) => {
    if (chosen !== null) take(chosen.name, await pixelsOfFile(chosen));
  };
  return (
    <div
      class="field-box picture-field"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        void takeFile(event.dataTransfer?.files.item(0));
      }}
    >
      <FieldHead id={id} label={label} type={type} />
      <div class="picture-line">
        <canvas
          ref={canvas}
          class="picture"
          role="img"
          aria-label={`${label}, ${width} by ${height}`}
        />
        <div class="picture-tools">
          <input
            id={id}
            type="file"
            accept="image/*"
            onChange={(event) => void takeFile(event.currentTarget.files?.item(0))}
          />
          <p class="field-note">
            {width} × {height}. It stays in this tab. Drop another one here.
          </p>
        </div>
      </div>
      {message}
    </div>
  );
}
