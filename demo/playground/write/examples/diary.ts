import { print, readTextFile, writeFile } from "@cloche/javascript";

/** A function of the page: today's date, as your browser writes it. */
declare function today(): string;

/** One line of the diary. */
export interface Entry {
  line: string;
  words: number;
}

/** Adds a line to the plugin's own file, and returns all lines. */
export function write_down(text: string): Entry[] {
  const diary = `${readTextFile("/diary.txt")}${today()}: ${text}\n`;
  writeFile("/diary.txt", diary);
  print(`/diary.txt has ${diary.length} characters\n`);
  return diary
    .trimEnd()
    .split("\n")
    .map((line) => ({ line, words: line.split(/\s+/).length }));
}

/** The longest word of the diary. */
export function longest_word(): string {
  const words = readTextFile("/diary.txt").split(/[^\p{Letter}]+/u);
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), "");
}
