// The body of a watch as whole lines of text, whatever pieces it arrives in.

/** Larger than any object that etcd takes; a longer line is a broken stream, not an event. */
const LONGEST_LINE = 32 * 1024 * 1024;

/** A line that no event can have. Not a trouble of the network: read again, it would come again. */
export class OversizedLineError extends Error {
  override readonly name = "OversizedLineError";
}

/**
 * Calls `onLine` for every line that ends in a newline. The rest after the last newline is the half of an event
 * that was cut off: the next watch brings it whole. An error of `onLine` ends the reading and destroys the body.
 */
export async function readLines(
  body: AsyncIterable<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of body) {
    const text = decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
      pieces.push(text.slice(from, end));
      const line = pieces.join("");
      pieces = [];
      length = 0;
      from = end + 1;
      if (line.trim() !== "") onLine(line);
    }
    if (from < text.length) {
      pieces.push(text.slice(from));
      length += text.length - from;
      if (length > LONGEST_LINE) {
        throw new OversizedLineError(`a line of more than ${LONGEST_LINE} characters`);
      }
    }
  }
}
