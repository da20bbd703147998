import { expect } from "chai";
import fc from "fast-check";
import type { IncidentView } from "../../domain/snapshot/incident.ts";
import { anIncident } from "../../domain/testing/an-incident.ts";
import { later, minutes, seconds, written } from "../../domain/testing/instants.ts";
import { propertyRuns } from "../../domain/testing/property-runs.ts";
import { postmortem } from "./postmortem.ts";

const NOW = later(minutes(10));
const SECTIONS = [
  "Summary",
  "Timeline",
  "What went well",
  "What went wrong",
  "Root cause",
  "Action items",
  "Lessons for the team",
];

function recovered(): IncidentView {
  const sentAt = later(seconds(31));
  const view = anIncident({ phase: "Recovered", sentAt, notedAt: sentAt });
  const status = view.status && {
    ...view.status,
    endedAt: written(later(seconds(40))),
    cause: "MemoryLimitExceeded" as const,
    certainty: "Certain" as const,
    rootCause: "Container app needs more than its limit of 64Mi.",
    remedy: "Give it more memory.",
    patch: "kubectl patch deployment checkout -p '{}'",
    changes: ["container app: limits.memory 128Mi → 64Mi"],
  };
  return { ...view, status };
}

const headings = (text: string) => text.split("\n").flatMap((line) => /^#+ (.*)/.exec(line)?.[1] ?? []);

describe("the post-mortem", () => {
  it("has the sections of the template, each with something in it", () => {
    const text = postmortem(recovered(), "shop", NOW);
    expect(headings(text).slice(1)).to.deep.equal(SECTIONS);
    for (const part of text.split(/^## .*$/m).slice(1)) expect(part.trim(), text).not.to.equal("");
  });

  it("fills in the facts: date, duration, what was done, cause, what changed, what to do", () => {
    const text = postmortem(recovered(), "shop", NOW);
    expect(text).to.match(/^- \*\*Duration:\*\* 40s from the start .* \(30s to detect, 10s after that\)$/m);
    expect(text).to.include("- **Root cause:** Container app needs more than its limit of 64Mi.");
    expect(text).to.include("RolloutGuard detected the failure 30s after the rollout started.");
    expect(text).to.match(/It was rolled back to .*, 1s after that, by RolloutGuard\./);
    expect(text).to.include("- `container app: limits.memory 128Mi → 64Mi`");
    expect(text).to.match(
      /^- \[ \] Give it more memory\. \(_to be filled in: who, until when_\)\n {2}```sh\n {2}kubectl patch/m,
    );
  });

  it("says what callers lost, and where they lost nothing that the old pods served throughout", () => {
    const impactOf = (lostEndpointSeconds: number | undefined) => {
      const view = recovered();
      const status = view.status && { ...view.status, lostEndpointSeconds };
      return /^- \*\*Impact:\*\* (.*)$/m.exec(postmortem({ ...view, status }, "shop", NOW))?.[1];
    };
    expect(impactOf(90)).to.match(/^90 endpoint-seconds lost .* _to be filled in: who noticed what/);
    expect(impactOf(1)).to.match(/^1 endpoint-second lost /);
    expect(impactOf(0)).to.match(/^No Service lost a ready endpoint: the old pods served throughout\. _/);
    expect(impactOf(undefined)).to.match(/^_to be filled in/);
  });

  it("leaves to people what only people know", () => {
    const blanks = postmortem(recovered(), "shop", NOW).match(/_to be filled in: [^_]+_/g) ?? [];
    for (const what of ["what it cost", "who was called", "did well", "before production", "ask why"]) {
      expect(blanks.join(), what).to.include(what);
    }
  });

  it("says in the beginning that it is too early", () => {
    const brake = { reason: "Veto", message: "A person said so." } as const;
    expect(postmortem(anIncident({ phase: "Held", brake }), "shop", NOW)).to.match(
      /^# .*\n\n> The Incident is still open: it is Held\./,
    );
    expect(postmortem(recovered(), "shop", NOW)).not.to.include("is still open");
  });

  it("names no one and claims no rollback of RolloutGuard where a person rolled back", () => {
    const view = recovered();
    const byHand = {
      ...view,
      spec: { ...view.spec, kind: "Manual" as const, requestedBy: "eve@example.com" },
    };
    const text = postmortem(byHand, "shop", NOW);
    expect(text).to.include("by hand.").and.not.to.include("by RolloutGuard");
    expect(text).not.to.include("RolloutGuard detected").and.not.to.include("eve@example.com");
  });

  it("keeps its form whatever the cluster's texts hold", () => {
    const sign = fc.constantFrom(
      "\n",
      "# ",
      "`",
      "```",
      "|",
      "<b>",
      "](x)",
      "![",
      "*",
      "_",
      "- [x] ",
      "> ",
      "a",
      " ",
      "~~~",
    );
    const text = fc.array(sign, { minLength: 1, maxLength: 12 }).map((signs) => signs.join(""));
    fc.assert(
      fc.property(text, (odd) => {
        const view = recovered();
        const status = view.status && {
          ...view.status,
          rootCause: odd,
          remedy: odd,
          changes: [odd],
          message: odd,
        };
        const spec = { ...view.spec, message: odd, lastWords: { lines: [odd] } };
        const reported = postmortem({ ...view, spec, status }, "shop", NOW);
        const outside = withoutBlocks(reported);
        expect(headings(outside).slice(1), reported).to.deep.equal(SECTIONS);
        expect(outside.match(/(?<!\\)</g), reported).to.equal(null);
      }),
      propertyRuns(100),
    );
  });
});

/** Without code: blocks by their fences, then spans. */
function withoutBlocks(text: string): string {
  return text
    .replace(/^( *)(`{3,})\w+\n[\s\S]*?\n\1\2$/gm, "")
    .replace(/(?<!\\)(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, "");
}
