// What the pages tell people to type is parsed as the command line parses it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { testTerminal } from "../../src/cli/testing/run-command.ts";
import { markdownPages } from "./markdown-pages.ts";

const ROOT = join(import.meta.dirname, "../..");
const COMMAND = /kubectl rolloutguard((?: +(?:"[^"]*"|[^\s"`|#>;&]+))+)/g;

/** The lines of a page that begin with a command of ours, or quote one, as their arguments; synopses, as `wait [flags]`, are none. */
function commandsIn(text: string): readonly (readonly string[])[] {
  const code = [...text.matchAll(/^```\w*\n([\s\S]*?)^```|`([^`\n]+)`/gm)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
  const commands = code.flatMap((lines) =>
    [...lines.matchAll(COMMAND)].map((match) =>
      [...(match[1] ?? "").matchAll(/"([^"]*)"|(\S+)/g)].map((word) => word[1] ?? word[2] ?? ""),
    ),
  );
  return commands.filter((args) => !args.some((arg) => arg.startsWith("[")));
}

/** What the command line says against it; undefined when it takes it, or when only arguments are left open, as in prose. */
async function complaintAbout(args: readonly string[]): Promise<string | undefined> {
  const { terminal, said } = testTerminal();
  const program = buildProgram(COMMANDS, terminal, async () => {});
  return program.parseAsync(args, { from: "user" }).then(
    () => undefined,
    () => {
      const { err } = said();
      return /missing required argument|value '[A-Z]+' is invalid/.test(err) ? undefined : err.trim();
    },
  );
}

describe("commands in the pages", () => {
  it("are such as the command line takes, with flags that it knows", async () => {
    const commands: { readonly page: string; readonly args: readonly string[] }[] = [];
    for (const page of await markdownPages(ROOT)) {
      const text = await readFile(join(ROOT, page), "utf8");
      commands.push(...commandsIn(text).map((args) => ({ page, args })));
    }
    expect(commands.length).to.be.above(20);
    for (const { page, args } of commands) {
      expect(await complaintAbout(args), `${page}: kubectl rolloutguard ${args.join(" ")}`).to.equal(
        undefined,
      );
    }
  });

  it("are refused when they are wrong", async () => {
    expect(await complaintAbout(["incident", "web"])).to.include("unknown command");
    expect(await complaintAbout(["status", "--namepsace", "shop"])).to.include("unknown option");
  });
});
