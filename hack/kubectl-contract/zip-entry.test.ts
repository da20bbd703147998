import { deflateRawSync } from "node:zlib";
import { expect } from "chai";
import { zipEntry } from "./zip-entry.ts";

/** A zip archive with these files, the even ones compressed. */
function zip(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [i, [path, text]] of Object.entries(files).entries()) {
    const method = i % 2 === 0 ? 8 : 0;
    const bytes = method === 8 ? deflateRawSync(text) : Buffer.from(text);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(path.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(bytes.length, 20);
    entry.writeUInt16LE(path.length, 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(path), bytes);
    directory.push(entry, Buffer.from(path));
    offset += local.length + path.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

describe("zipEntry", () => {
  const archive = zip({ "a/one": "first".repeat(100), two: "second" });

  it("reads files that are compressed and files that are not", () => {
    expect(zipEntry(archive, "a/one").toString()).to.equal("first".repeat(100));
    expect(zipEntry(archive, "two").toString()).to.equal("second");
  });

  it("says what is wrong", () => {
    expect(() => zipEntry(archive, "three")).to.throw("has no three");
    expect(() => zipEntry(Buffer.from("nothing"), "two")).to.throw("no zip archive");
  });
});
