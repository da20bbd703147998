// Pages name files of the project, such as `src/main.ts`: those that were moved or deleted are found here.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { markdownPages } from "./markdown-pages.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The files and folders of the project that a text names as code. Examples of what can be added are told by their name. */
function namedIn(text: string): readonly string[] {
  return [...text.matchAll(/`((?:config|crds|docs|e2e|hack|src)\/[\w./-]*)`/g)]
    .map((match) => match[1] ?? "")
    .filter((path) => !path.includes("stateful-set"));
}

describe("files that pages name", () => {
  it("are there", async () => {
    // The changelog says what was, recordings are as they were made.
    const pages = (await markdownPages(ROOT)).filter((page) => !/^CHANGELOG|recordings/.test(page));
    const named: [string, string][] = [];
    for (const page of pages) {
      for (const path of namedIn(await readFile(join(ROOT, page), "utf8"))) named.push([page, path]);
    }
    expect(named).to.have.length.above(100);
    const gone = named.filter(([, path]) => !existsSync(join(ROOT, path)));
    expect(gone.map(([page, path]) => `${page}: ${path}`)).to.deep.equal([]);
  });

  it("are told from other code", () => {
    expect(namedIn("`src/main.ts`, `config/`, `spec.mode`, `kubectl get pods`, `a/src/b`")).to.deep.equal([
      "src/main.ts",
      "config/",
    ]);
  });
});
