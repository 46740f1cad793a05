import { print, readTextFile, writeTextFile } from "@cloche/assemblyscript";

declare function translate(word: string): string;

/** Counts the words of a text. */
export function count_words(text: string): u32 {
  let count: u32 = 0;
  const words = text.split(" ");
  for (let i = 0; i < words.length; i++) if (words[i].length > 0) count++;
  return count;
}

/** Translates the file /in.txt word by word to /out.txt, and prints how many words it has. */
export function translate_file(): void {
  const words = readTextFile("/in.txt").split(" ");
  for (let i = 0; i < words.length; i++) words[i] = translate(words[i]);
  writeTextFile("/out.txt", words.join(" "));
  print(words.length.toString() + " words");
}

/** The time in milliseconds since 1970. */
export function now(): f64 {
  return <f64>Date.now();
}
