import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";

const FOLDER = import.meta.dirname;
const readme = readFileSync(join(FOLDER, "README.md"), "utf8");
const programs = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, text = ""]) => text);
const exported = Object.keys(
  (JSON.parse(readFileSync(join(FOLDER, "package.json"), "utf8")) as { exports: object }).exports,
);

/** Runs the program here, where the package's own name leads to its exports. */
async function outputOf(program: string): Promise<string> {
  const flags = ["--input-type=module-typescript", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: FOLDER });
  return stdout.trim();
}

describe("README.md", () => {
  it("has programs that run as they stand", async () => {
    expect(await Promise.all(programs.map(outputOf))).to.deep.equal(["3", "0"]);
  });

  it("names all that can be imported, and nothing else", () => {
    const table = readme.slice(readme.indexOf("| import |"), readme.indexOf("Everything else is internal"));
    const named = [...table.matchAll(/^\| `(?:@rolloutguard\/simulated-cluster|…)(.*?)` \|/gm)];
    expect(named.map(([, path]) => `.${path}`)).to.deep.equal(exported);
  });
});
