// Files with credentials and certificates, read again each minute: what mounts them replaces them.
import { readFileSync } from "node:fs";
import type { Clock } from "../../kube/clock.ts";

const FRESH_MS = 60_000;

export class FileContents {
  readonly #clock: Pick<Clock, "now">;
  readonly #read = new Map<string, { readonly text: string; readonly at: number }>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** The text, at most a minute old. Throws when the file cannot be read; what it held before is not used then. */
  textOf(path: string): string {
    const now = this.#clock.now();
    const known = this.#read.get(path);
    if (known && Math.abs(now - known.at) < FRESH_MS) return known.text;
    const text = readFileSync(path, "utf8");
    this.#read.set(path, { text, at: now });
    return text;
  }
}
