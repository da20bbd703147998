// Writes tar archives (POSIX ustar, with pax records for long names) that come out the same every time.
import { createReadStream } from "node:fs";

/** What stands in an archive. Owner is root, the time is 1970, whatever the source. */
export interface TarEntry {
  /** Relative, with slashes; a folder's ends with one. */
  readonly name: string;
  readonly type: "file" | "folder" | "link";
  readonly mode: number;
  /** A file's content: the text, or where it stands and its size in bytes. */
  readonly content?: string | { readonly path: string; readonly size: number };
  /** Where a symbolic link points. */
  readonly target?: string;
}

const BLOCK = 512;
const TYPE_FLAGS = { file: "0", link: "2", folder: "5" } as const;

/** The archive, piece by piece. */
export async function* tarOf(entries: Iterable<TarEntry>): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    const long = paxRecords(entry);
    if (long.length > 0) {
      yield header("PaxHeader", long.length, 0o644, "x", "");
      yield* padded(long);
    }
    const { content = "" } = entry;
    const text = typeof content === "string" ? Buffer.from(content) : undefined;
    const size = typeof content === "string" ? Buffer.byteLength(content) : content.size;
    yield header(entry.name, size, entry.mode, TYPE_FLAGS[entry.type], entry.target ?? "");
    if (text !== undefined) yield* padded(text);
    else if (typeof content !== "string") yield* fileContent(content);
  }
  yield Buffer.alloc(2 * BLOCK);
}

async function* fileContent({ path, size }: { path: string; size: number }): AsyncGenerator<Buffer> {
  let seen = 0;
  for await (const chunk of createReadStream(path)) {
    const bytes = chunk as Buffer;
    seen += bytes.length;
    yield bytes;
  }
  if (seen !== size) throw new Error(`${path} changed while it was read: ${seen} bytes, not ${size}`);
  yield padding(size);
}

function* padded(content: Buffer): Generator<Buffer> {
  yield content;
  yield padding(content.length);
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** A header has room for names of 100 bytes; longer ones stand in records before it. */
function paxRecords({ name, target = "" }: TarEntry): Buffer {
  const records: string[] = [];
  if (Buffer.byteLength(name) > 100) records.push(paxRecord("path", name));
  if (Buffer.byteLength(target) > 100) records.push(paxRecord("linkpath", target));
  return Buffer.from(records.join(""));
}

/** "LENGTH KEY=VALUE\n", where the length counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  if (String(length).length > String(bytes).length) length += 1;
  return `${length}${rest}`;
}

function header(name: string, size: number, mode: number, type: string, target: string): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, width: number): void => {
    block.write(`${value.toString(8).padStart(width - 1, "0")}\0`, at, "latin1");
  };
  block.write(cut(name), 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write("        ", 148, "latin1");
  block.write(type, 156, "latin1");
  block.write(cut(target), 157);
  block.write("ustar\x0000", 257, "latin1");
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

/** As much of the name as fits, in whole characters. */
function cut(name: string): string {
  return Buffer.from(name)
    .subarray(0, 100)
    .toString("utf8")
    .replace(/\ufffd+$/, "");
}
