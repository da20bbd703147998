// The pages about concepts have lists that are written by hand; nothing that there is may be missing in them.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { INCIDENT_PHASES } from "../../src/api/incident.ts";
import { BRAKE_REASONS, FINDING_REASONS } from "../../src/api/reasons.ts";
import { GUARD_PHASES, rolloutGuardSpecSchema, VERDICTS } from "../../src/api/rollout-guard.ts";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";

const DOCS = join(import.meta.dirname, "../../docs");

/** The first cells of the rows of the page's tables, and the links in them, without code marks. */
async function rowsOf(page: string): Promise<readonly string[]> {
  const text = await readFile(join(DOCS, page), "utf8");
  return [...text.matchAll(/^\| (?:\[|`)+(\w+)/gm)].map((match) => match[1] ?? "");
}

describe("the pages about concepts", () => {
  it("list every brake", async () => {
    const { SignsGone: _, ...brakes } = BRAKE_REASONS;
    expect(await rowsOf("concepts/brakes.md")).to.have.members(Object.keys(brakes));
  });

  it("list every check, with every reason that a rollout can fail for", async () => {
    const { checks } = rolloutGuardSpecSchema.parse({ target: { name: "web" } });
    const rows = await rowsOf("concepts/checks-and-patience.md");
    const names = [...Object.keys(checks), "metrics", "http"];
    expect(rows.slice(0, names.length)).to.have.members(names);
    const text = await readFile(join(DOCS, "concepts/checks-and-patience.md"), "utf8");
    for (const reason of Object.keys(FINDING_REASONS)) expect(text).to.include(`[${reason}](../reasons/`);
  });

  it("list every phase of a guard and of an Incident, and every verdict on a revision", async () => {
    expect(await rowsOf("concepts/guards.md")).to.include.members([...GUARD_PHASES]);
    expect(await rowsOf("concepts/incidents.md")).to.include.members([...INCIDENT_PHASES]);
    expect(await rowsOf("concepts/good-revisions.md")).to.have.members([...VERDICTS]);
  });

  it("and how-to pages name exit codes that there are", async () => {
    const text = await readFile(join(DOCS, "how-to/wait-in-ci.md"), "utf8");
    const codes = [...text.matchAll(/^\| (\d+) \|/gm)].map((match) => Number(match[1]));
    expect(codes).to.have.length.above(3);
    expect(Object.values(EXIT_CODES)).to.include.members(codes);
  });
});
