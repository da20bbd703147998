import { expect } from "chai";
import { COMMANDS } from "../../../src/cli/command-table.ts";
import { EXIT_CODES } from "../../../src/cli/exit-codes.ts";
import { generateCommandPages } from "./command-pages.ts";

const PAGES = generateCommandPages();

function pageOf(name: string): string {
  return PAGES.find(({ path }) => path === `docs/reference/commands/${name}.md`)?.text ?? "";
}

describe("the pages of commands", () => {
  it("are there for every command that help shows, and are listed", () => {
    const shown = Object.entries(COMMANDS).filter(([, { isHidden }]) => isHidden !== true);
    expect(PAGES).to.have.length(shown.length + 1);
    for (const [name] of shown) {
      expect(pageOf(name), name).to.include(`# kubectl rolloutguard ${name}\n`);
      expect(pageOf("index"), name).to.include(`| [${name}](${name}.md) |`);
    }
  });

  it("have an example and exit codes that there are", () => {
    const known = Object.values(EXIT_CODES).map(String);
    for (const { path, text } of PAGES.filter(({ path }) => !path.endsWith("/index.md"))) {
      const codes = [...text.matchAll(/^\| (\d) \| [^|]+ \|$/gm)].map((match) => match[1]);
      expect(codes, path).to.include.members(["0", "2"]);
      expect(known, path).to.include.members(codes);
      expect(text, path).to.match(/## Examples\n\n```sh\n.*kubectl.rolloutguard/);
    }
  });

  it("have every exit code, also those on a line of their own", () => {
    for (const code of Object.values(EXIT_CODES)) expect(pageOf("wait")).to.include(`\n| ${code} | `);
  });

  it("have the flags of the command, and leave those of all commands to the list, and hidden ones out", () => {
    expect(pageOf("wait")).to.include("| `--baked` |").and.not.include("--context");
    expect(pageOf("index")).to.include("--context").and.include("--kubeconfig");
    expect(pageOf("index")).not.to.include("--clock-rate");
  });
});
