import { reportUncaught } from "../time/report-uncaught.ts";

/**
 * Takes a plugin's output as text: what one write brought, or many that came within a frame. A chunk
 * can begin and end within a line.
 */
export type TextSink = (chunk: string) => void;

/** Decodes the bytes of one stream for a sink. */
export interface DecodingSink {
  /** Passes text on, and holds back the start of a character whose rest is to come. */
  write(bytes: Uint8Array): void;
  /** Passes on what was held back, as U+FFFD: nothing more comes. */
  end(): void;
}

export function decodingSink(sink: TextSink): DecodingSink {
  // A U+FEFF is text, too.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const pass = (chunk: string) => {
    if (chunk === "") return;
    try {
      sink(chunk);
    } catch (error) {
      // The page's own mistake: neither the guest's nor its caller's.
      reportUncaught(error);
    }
  };
  return {
    write: (bytes) => pass(decoder.decode(bytes, { stream: true })),
    end: () => pass(decoder.decode()),
  };
}
