/** Pictures as their pixels: red, green, blue and opacity, a byte each. */

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The longer side of a picture that is taken in: 4 MB of pixels at most. */
const LONGEST_SIDE = 1024;
const SAMPLE_WIDTH = 360;
const SAMPLE_HEIGHT = 240;

/** Reads a picture of any format that the browser knows, made smaller where it is large. */
export async function pixelsOfFile(file: Blob): Promise<Pixels> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const pixels = pixelsOf(width, height, (context) =>
    context.drawImage(bitmap, 0, 0, width, height),
  );
  bitmap.close();
  return pixels;
}

/** A bell of glass on a hill in the evening. */
export function samplePixels(): Pixels {
  return pixelsOf(SAMPLE_WIDTH, SAMPLE_HEIGHT, (context) => {
    const [width, height] = [SAMPLE_WIDTH, SAMPLE_HEIGHT];
    fill(context, ["#27345f", "#d9765a", "#f6d28b"], [0, 0, 0, height]);
    context.fillRect(0, 0, width, height);
    context.fillStyle = "#fdf3cf";
    context.beginPath();
    context.arc(width * 0.72, height * 0.56, 26, 0, 7);
    context.fill();
    fill(context, ["#2f6b52", "#12332b"], [0, height * 0.6, 0, height]);
    context.beginPath();
    context.ellipse(width * 0.35, height * 1.25, width * 0.75, height * 0.6, 0, 0, 7);
    context.fill();
    context.fillStyle = "#173a35";
    context.beginPath();
    context.ellipse(width * 0.9, height * 1.2, width * 0.5, height * 0.42, 0, 0, 7);
    context.fill();
    fill(context, ["#ffffffaa", "#9fe8d644"], [width * 0.25, 0, width * 0.45, 0]);
    context.beginPath();
    context.moveTo(width * 0.24, height * 0.75);
    context.lineTo(width * 0.24, height * 0.48);
    context.arc(width * 0.34, height * 0.48, width * 0.1, Math.PI, 0);
    context.lineTo(width * 0.44, height * 0.75);
    context.fill();
    context.strokeStyle = "#eafff9";
    context.lineWidth = 2.5;
    context.stroke();
    context.fillStyle = "#19b397";
    context.fillRect(width * 0.31, height * 0.63, width * 0.06, height * 0.12);
  });
}

/** Shows pixels in a canvas. Bytes that are not four for each of them are not shown. */
export function drawPixels(canvas: HTMLCanvasElement, { width, height, bytes }: Pixels): void {
  if (!isPicture(width, height, bytes.length)) return;
  canvas.width = width;
  canvas.height = height;
  const copy = new Uint8ClampedArray(bytes);
  canvas.getContext("2d")?.putImageData(new ImageData(copy, width, height), 0, 0);
}

/** Whether so many bytes are the pixels of a picture of this size. */
export function isPicture(width: number, height: number, byteLength: number): boolean {
  const isSize = (size: number) => Number.isInteger(size) && size > 0 && size <= 16_384;
  return isSize(width) && isSize(height) && byteLength === width * height * 4;
}

function pixelsOf(
  width: number,
  height: number,
  draw: (context: OffscreenCanvasRenderingContext2D) => void,
): Pixels {
  const context = new OffscreenCanvas(width, height).getContext("2d");
  if (context === null) throw new Error("This browser gives no canvas");
  draw(context);
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, bytes: new Uint8Array(data.buffer) };
}

function fill(
  context: OffscreenCanvasRenderingContext2D,
  colours: readonly string[],
  line: readonly [number, number, number, number],
): void {
  const gradient = context.createLinearGradient(...line);
  for (const [index, colour] of colours.entries()) {
    gradient.addColorStop(index / (colours.length - 1), colour);
  }
  context.fillStyle = gradient;
}
