// Texts of any length as they may be shown and kept: both ends of a long one.
import { plainText } from "../domain/plain-text.ts";

const LONGEST = 1_024;
/** What is read of each end of a long text: more than is kept, for what hides secrets makes it shorter. */
const READ_OF_END = 2_048;

/**
 * The text as it may be shown and of bounded length: a long one keeps its beginning and its end, where causes stand. `hide` takes
 * out what nobody must see, before anything is cut off in the middle of it.
 */
export function boundedText(text: string, hide: (part: string) => string = plainText): string {
  if (text.length <= 2 * READ_OF_END) {
    const shown = hide(text);
    return shown.length <= LONGEST ? shown : bothEnds(shown, shown);
  }
  const [beginning, end] = [hide(text.slice(0, READ_OF_END)), hide(text.slice(-READ_OF_END))];
  // Where they were cut there may be a part of a secret that nothing tells.
  return bothEnds(beginning.slice(0, beginning.length / 2), end.slice(end.length / 2));
}

function bothEnds(beginning: string, end: string): string {
  const half = LONGEST / 2 - 2;
  return plainText(`${beginning.slice(0, half)} … ${end.slice(-half)}`);
}
