/** The terminal of the page: shows what the open program writes, and edits the lines that it reads. */

import { effect, signal } from "@preact/signals";
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { workspace } from "../workspace/workspace.ts";
import { LineEditor } from "./line-editor.ts";
import { watchTheme } from "./terminal-theme.ts";

/** What may wait to be drawn; a guest can write faster than a terminal draws. */
const WAITING_CHARACTERS = 4_000_000;

const DIM = "\x1b[90m";
const RED = "\x1b[31m";
const PLAIN = "\x1b[0m";

/** It lasts as long as the page, so that what was typed is still there when its tab is shown again. */
class TerminalSession {
  /** Whether the screen has been opened in a document. */
  #isOpen = false;
  #waiting = 0;
  #isDropping = false;
  /** Counts the requests for input, so that an old one is not answered. */
  #requests = 0;
  readonly isReading = signal(false);
  readonly #element = document.createElement("div");
  readonly #terminal = new Terminal({
    convertEol: true,
    cursorBlink: false,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--mono"),
    fontSize: 13,
    lineHeight: 1.25,
    minimumContrastRatio: 4.5,
    screenReaderMode: true,
    scrollback: 5000,
  });
  readonly #fit = new FitAddon();
  readonly #editor = new LineEditor({
    write: (text) => this.#terminal.write(text),
    columns: () => this.#terminal.cols,
    onLine: (line) => this.#answer(() => workspace.input.send(`${line}\n`)),
    onEnd: () => this.#answer(() => workspace.input.end()),
    onInterrupt: () => this.#answer(() => workspace.stop()),
  });

  constructor() {
    this.#element.className = "terminal-screen";
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.onData((data) => {
      if (workspace.state.peek().kind === "running") this.#editor.input(data);
      else if (data === "\r" && workspace.program.peek()?.kind === "command") {
        void workspace.restart();
      }
    });
    // The Tab key goes on through the page, as it must for those without a mouse.
    this.#terminal.attachCustomKeyEventHandler(({ key }) => key !== "Tab");
    workspace.output.subscribe({
      write: (stream, text) =>
        this.#write(stream === "note" ? `${DIM}${text}${PLAIN}` : text, stream),
      clear: () => {
        this.#requests += 1;
        this.isReading.value = false;
        this.#editor.stop();
        this.#terminal.reset();
      },
    });
    effect(() => {
      if (workspace.input.isAwaited.value) this.#beginLine();
      else this.#requests += 1;
    });
    effect(() => this.#tellEnd());
  }

  /** Shows the terminal in an element. @returns A function that takes it out again. */
  showIn(frame: HTMLElement): () => void {
    frame.append(this.#element);
    if (!this.#isOpen) this.#terminal.open(this.#element);
    this.#isOpen = true;
    const endTheme = watchTheme((theme) => (this.#terminal.options.theme = theme));
    const sizes = new ResizeObserver(() => this.#fit.fit());
    sizes.observe(frame);
    this.#fit.fit();
    return () => {
      sizes.disconnect();
      endTheme();
      this.#element.remove();
    };
  }

  focus(): void {
    this.#terminal.focus();
  }

  /** As if Ctrl and a letter had been pressed, for those who have no such keys. */
  interrupt(): void {
    this.#editor.stop();
    this.#answer(() => workspace.stop());
  }

  endInput(): void {
    this.#editor.stop();
    this.#answer(() => workspace.input.end());
  }

  #write(text: string, stream: string): void {
    if (this.#waiting > WAITING_CHARACTERS) {
      this.#isDropping = true;
      return;
    }
    const note = this.#isDropping ? `${DIM}\n… some output was too fast to show …\n${PLAIN}` : "";
    this.#isDropping = false;
    const isCommand = workspace.program.peek()?.kind === "command";
    const shown = stream === "stderr" && !isCommand ? `${RED}${text}${PLAIN}` : text;
    this.#waiting += shown.length;
    this.#terminal.write(note + shown, () => (this.#waiting -= shown.length));
  }

  /** Starts to edit a line behind what stands in the row of the cursor, once that is drawn. */
  #beginLine(): void {
    const request = ++this.#requests;
    this.#terminal.write("", () => {
      if (request !== this.#requests) return;
      const { cursorX, cursorY, baseY } = this.#terminal.buffer.active;
      const row = this.#terminal.buffer.active.getLine(baseY + cursorY);
      this.isReading.value = true;
      this.#editor.begin(row?.translateToString(false, 0, cursorX) ?? "");
    });
  }

  #answer(send: () => void): void {
    this.isReading.value = false;
    send();
  }

  /** Says how a command ended. */
  #tellEnd(): void {
    const state = workspace.state.value;
    if (workspace.program.peek()?.kind !== "command") return;
    if (state.kind !== "ended" && state.kind !== "failed") return;
    this.#editor.stop();
    const what =
      state.kind === "ended"
        ? `${state.reason}. Press Enter to start it again, with its files`
        : "Stopped, and what it wrote to files since its start is lost. Press Enter to start it again";
    this.#terminal.write("", () => {
      const isAtStart = this.#terminal.buffer.active.cursorX === 0;
      this.#terminal.write(`${isAtStart ? "" : "\n"}${DIM}${what}${PLAIN}\n`);
    });
  }
}

let session: TerminalSession | undefined;

/** The terminal; it is made when it is first shown. */
export function terminalSession(): TerminalSession {
  session ??= new TerminalSession();
  return session;
}
