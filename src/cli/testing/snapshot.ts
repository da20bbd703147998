// Texts that were looked at once and are kept: a change of them is to be seen in review.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const FOLDER = join(import.meta.dirname, "../snapshots");

/** Compares with the kept text; `UPDATE_SNAPSHOTS=1` keeps this one instead. */
export function expectSnapshot(name: string, text: string): void {
  const file = join(FOLDER, `${name}.txt`);
  if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(file, text);
  else if (existsSync(file))
    expect(text, `${name}: UPDATE_SNAPSHOTS=1 keeps it`).to.equal(readFileSync(file, "utf8"));
  else throw new Error(`there is no snapshot ${name}: UPDATE_SNAPSHOTS=1 makes it`);
}
