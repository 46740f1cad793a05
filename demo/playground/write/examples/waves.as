import { print, readTextFile } from "@cloche/assemblyscript";

/** A function of the page: today's date, as your browser writes it. */
declare function today(): string;

/** Adds up waves: a plot of any number of points. */
export function waves(points: u32, frequencies: f64[]): Float64Array {
  const sum = new Float64Array(points);
  for (let i: u32 = 0; i < points; i++) {
    const x = (2.0 * Math.PI * i) / points;
    for (let k = 0; k < frequencies.length; k++) {
      sum[i] += Math.sin(frequencies[k] * x);
    }
  }
  print(`${points} points on ${today()}\n`);
  return sum;
}

/** Counts the letters of a file. */
export function letters(path: string): Map<string, u32> {
  const text = readTextFile(path).toLowerCase();
  const counts = new Map<string, u32>();
  for (let i = 0; i < text.length; i++) {
    const letter = text.charAt(i);
    if (letter < "a" || letter > "z") continue;
    counts.set(letter, counts.has(letter) ? counts.get(letter) + 1 : 1);
  }
  return counts;
}
