/**
 * Takes a plugin's output as text: what one write brought, or many that came within a frame. A chunk
 * can begin and end within a line.
 */
export type TextSink = (chunk: string) => void;

/** Turns chunks of bytes into text, holding back the start of a character whose rest is to come. */
export function decodingSink(sink: TextSink): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder();
  return (bytes) => {
    const chunk = decoder.decode(bytes, { stream: true });
    if (chunk === "") return;
    try {
      sink(chunk);
    } catch (error) {
      // The page's own mistake: neither the guest's nor its caller's.
      reportError(error);
    }
  };
}
