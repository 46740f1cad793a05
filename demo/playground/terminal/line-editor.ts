/** Edits a line of input at the cursor of a terminal, with history, as a shell does. */

import { cellWidth } from "./cell-width.ts";

export interface LineEditorEvents {
  /** To the terminal. */
  readonly write: (text: string) => void;
  readonly columns: () => number;
  /** A line is complete, without its end. */
  readonly onLine: (line: string) => void;
  /** Ctrl+D on an empty line. */
  readonly onEnd: () => void;
  /** Ctrl+C on an empty line, or while nothing is read. */
  readonly onInterrupt: () => void;
}

const KEPT_LINES = 500;
/** What is typed while nothing is read; more is dropped. */
const AHEAD_CHARACTERS = 100_000;

/** One key of the data that a terminal sends: a sequence of escape characters, or a character. */
const KEY =
  // oxlint-disable-next-line no-control-regex -- keys are control characters
  /\r\n?|\x1b\[[0-9;?]*[@-~]|\x1bO[A-Za-z]|\x1b[P\]^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[\s\S]?|[\s\S]/gu;

const KEYS: Readonly<Record<string, keyof typeof EDITS>> = {
  "\x7f": "eraseBefore",
  "\b": "eraseBefore",
  "\x1b[3~": "eraseAfter",
  "\x17": "eraseWord",
  "\x1b\x7f": "eraseWord",
  "\x15": "eraseToStart",
  "\x0b": "eraseToEnd",
  "\x1b[D": "left",
  "\x1bOD": "left",
  "\x02": "left",
  "\x1b[C": "right",
  "\x1bOC": "right",
  "\x06": "right",
  "\x1b[1;5D": "wordLeft",
  "\x1b[1;3D": "wordLeft",
  "\x1bb": "wordLeft",
  "\x1b[1;5C": "wordRight",
  "\x1b[1;3C": "wordRight",
  "\x1bf": "wordRight",
  "\x01": "start",
  "\x1b[H": "start",
  "\x1bOH": "start",
  "\x05": "end",
  "\x1b[F": "end",
  "\x1bOF": "end",
};

/** The text before the cursor, and after it. */
type Edit = (before: string, after: string) => readonly [before: string, after: string];

const EDITS = {
  eraseBefore: (before, after) => [
    before.slice(0, -lastCharacter(before).length || undefined),
    after,
  ],
  eraseAfter: (before, after) => [before, after.slice(firstCharacter(after).length)],
  eraseWord: (before, after) => [before.slice(0, wordStart(before)), after],
  eraseToStart: (_before, after) => ["", after],
  eraseToEnd: (before) => [before, ""],
  left: (before, after) => split(before + after, before.length - lastCharacter(before).length),
  right: (before, after) => split(before + after, before.length + firstCharacter(after).length),
  wordLeft: (before, after) => split(before + after, wordStart(before)),
  wordRight: (before, after) => split(before + after, before.length + wordEnd(after)),
  start: (before, after) => ["", before + after],
  end: (before, after) => [before + after, ""],
} satisfies Record<string, Edit>;

const HISTORY_STEPS: Readonly<Record<string, 1 | -1>> = {
  "\x1b[A": -1,
  "\x1bOA": -1,
  "\x10": -1,
  "\x1b[B": 1,
  "\x1bOB": 1,
  "\x0e": 1,
};

interface Reading {
  /** What stands before the input in its first row. */
  readonly prompt: string;
  before: string;
  after: string;
  /** The row of the cursor, from the row where the input starts. */
  row: number;
  /** Where in the history, its length for the line that was typed last. */
  at: number;
  draft: string;
}

export class LineEditor {
  readonly #events: LineEditorEvents;
  readonly #history: string[] = [];
  #reading: Reading | undefined;
  #ahead = "";

  constructor(events: LineEditorEvents) {
    this.#events = events;
  }

  /** Reads a line, that starts after the prompt, which is on the screen. What was typed ahead comes first. */
  begin(prompt: string): void {
    this.#reading = { prompt, before: "", after: "", row: 0, at: this.#history.length, draft: "" };
    const ahead = this.#ahead;
    this.#ahead = "";
    this.input(ahead);
  }

  /** Forgets the line that is read, and what was typed ahead. */
  stop(): void {
    this.#reading = undefined;
    this.#ahead = "";
  }

  /** Takes what a terminal sends for keys and pasted text. */
  input(data: string): void {
    const keys = data.match(KEY) ?? [];
    let typed = "";
    const flush = () => {
      if (typed !== "") this.#edit((before, after) => [before + typed, after]);
      typed = "";
    };
    for (const [index, key] of keys.entries()) {
      if (this.#reading === undefined) {
        this.#typeAhead(keys.slice(index));
        return;
      }
      if (isText(key)) {
        typed += key;
        continue;
      }
      flush();
      this.#press(key);
    }
    flush();
  }

  /** Keeps keys for the next line, unless one of them interrupts. */
  #typeAhead(keys: readonly string[]): void {
    if (keys.includes("\x03")) {
      this.#ahead = "";
      this.#events.onInterrupt();
    } else this.#ahead = (this.#ahead + keys.join("")).slice(0, AHEAD_CHARACTERS);
  }

  #press(key: string): void {
    const reading = this.#reading;
    if (reading === undefined) return;
    const edit = KEYS[key];
    const step = HISTORY_STEPS[key];
    const isEmpty = reading.before + reading.after === "";
    if (edit !== undefined) this.#edit(EDITS[edit]);
    else if (step !== undefined) this.#recall(reading, step);
    else if (key.startsWith("\r") || key === "\n") this.#accept(reading);
    else if (key === "\x04" && !isEmpty) this.#edit(EDITS.eraseAfter);
    else if (key === "\x04") {
      this.#reading = undefined;
      this.#events.write("\r\n");
      this.#events.onEnd();
    } else if (key === "\x03") this.#cancel(reading, isEmpty);
  }

  #accept(reading: Reading): void {
    const line = reading.before + reading.after;
    this.#edit(EDITS.end);
    this.#reading = undefined;
    if (line.trim() !== "" && line !== this.#history.at(-1)) this.#history.push(line);
    if (this.#history.length > KEPT_LINES) this.#history.shift();
    this.#events.write("\r\n");
    this.#events.onLine(line);
  }

  /** Drops the line; where there is none, interrupts the program. */
  #cancel(reading: Reading, isEmpty: boolean): void {
    this.#edit(EDITS.end);
    this.#events.write("^C\r\n");
    if (isEmpty) {
      this.stop();
      this.#events.onInterrupt();
      return;
    }
    this.#events.write(reading.prompt);
    this.begin(reading.prompt);
  }

  #recall(reading: Reading, step: 1 | -1): void {
    const at = reading.at + step;
    if (at < 0 || at > this.#history.length) return;
    if (reading.at === this.#history.length) reading.draft = reading.before + reading.after;
    reading.at = at;
    this.#edit(() => [this.#history[at] ?? reading.draft, ""]);
  }

  /** Changes the line, and draws it anew. */
  #edit(edit: Edit): void {
    const reading = this.#reading;
    if (reading === undefined) return;
    const { write, columns } = this.#events;
    const [before, after] = edit(reading.before, reading.after);
    const width = columns();
    const start = placeAfter(reading.prompt, 0, width).column;
    const cursor = placeAfter(before, start, width);
    const end = placeAfter(after, cursor.column, width);
    // A full row leaves the cursor in it, until another character comes.
    const wrap = end.column === 0 && before + after !== "" ? " \r" : "";
    write(
      `${up(reading.row)}\r${right(start)}\x1b[J${before}${after}${wrap}` +
        `${up(end.row)}\r${right(cursor.column)}`,
    );
    Object.assign(reading, { before, after, row: cursor.row });
  }
}

function isText(key: string): boolean {
  return key >= " " && !(key >= "\x7f" && key <= "\x9f");
}

function split(text: string, at: number): [string, string] {
  return [text.slice(0, at), text.slice(at)];
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function firstCharacter(text: string): string {
  return [...segmenter.segment(text.slice(0, 64))][0]?.segment ?? "";
}

function lastCharacter(text: string): string {
  return [...segmenter.segment(text.slice(-64))].at(-1)?.segment ?? "";
}

function wordStart(before: string): number {
  return Math.max(before.search(/\S+\s*$/u), 0);
}

function wordEnd(after: string): number {
  return /^\s*\S*/u.exec(after)?.[0].length ?? 0;
}

/** Where a text ends that starts in a column. */
function placeAfter(text: string, from: number, columns: number): { row: number; column: number } {
  let row = 0;
  let column = from;
  for (const character of text) {
    const width = cellWidth(character);
    if (column + width > columns) {
      row += 1;
      column = 0;
    }
    column += width;
    if (column === columns) {
      row += 1;
      column = 0;
    }
  }
  return { row, column };
}

function up(rows: number): string {
  return rows === 0 ? "" : `\x1b[${rows}A`;
}

function right(columns: number): string {
  return columns === 0 ? "" : `\x1b[${columns}C`;
}
