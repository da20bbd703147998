import { expect } from "chai";
import type { IncidentSpec } from "../../../api/incident.ts";
import type { IncidentView } from "../../../domain/snapshot/incident.ts";
import { anIncident } from "../../../domain/testing/an-incident.ts";
import { later, minutes, seconds } from "../../../domain/testing/instants.ts";
import { incidentPage } from "./incident-page.ts";

const NOW = later(minutes(10));

function page(view: IncidentView, isWide = false): string {
  const read = { namespace: "shop", view, object: {} };
  return incidentPage(read, NOW, { columns: 100, hasColours: false }, isWide);
}

/** As if lines had no end. */
function flat(text: string): string {
  return text.replace(/\s+/g, " ");
}

function withSpec(view: IncidentView, spec: Partial<IncidentSpec>): IncidentView {
  return { ...view, spec: { ...view.spec, ...spec } };
}

describe("the report of an Incident", () => {
  it("says of a rollback that did not help that it is not over", () => {
    const view = anIncident({ phase: "NotRecovered", sentAt: later(seconds(31)), message: "1 of 3 pods." });
    const ended = { ...view, status: view.status && { ...view.status, endedAt: view.spec.detectedAt } };
    expect(flat(page(ended))).to.match(
      / Resolved\? No, not recovered: the rollback ended at .* and did not restore service\. 1 of 3 pods\. /,
    );
    expect(page(ended)).to.include("kubectl rolloutguard status -n shop");
  });

  it("says of one that has just been opened what is decided and for how long", () => {
    const out = page(anIncident({}));
    expect(out).to.match(/^Action taken +the rollback is decided and not sent yet$/m);
    expect(out).to.match(/^Resolved\? +No\. Acting for 9m30s\.$/m);
  });

  it("offers no rollback where there is nothing to go back to", () => {
    const brake = { reason: "NoGoodRevision", message: "There is none." } as const;
    const out = page(anIncident({ phase: "Held", brake, restoring: undefined }));
    expect(out).to.match(/^Action taken +none, NoGoodRevision: There is none\.$/m);
    expect(out).not.to.include("rolloutguard rollback");
  });

  it("links the pages about the reason, and about what keeps the guard from helping", () => {
    const pagesOf = (view: IncidentView) =>
      [...page(view).matchAll(/\/docs\/(\S+)\.md$/gm)].map((match) => match[1]);
    const brake = { reason: "Cooldown", message: "A while ago." } as const;
    expect(pagesOf(anIncident({}))).to.deep.equal(["reasons/crash-looping"]);
    expect(pagesOf(anIncident({ phase: "Held", brake }))).to.include("reasons/cooldown");
    expect(pagesOf(anIncident({ phase: "NotRecovered", sentAt: NOW }))).to.include("reasons/not-recovered");
  });

  it("quotes once what was seen of many pods, and few lines of many unless more are asked for", () => {
    const evidence = [
      ...["ab1cd", "ef2gh"].map((pod) => `Event Unhealthy (×3) on shop-5547bdd898-${pod}: refused`),
      ..."abcdefgh".split("").map((letter) => `the kind ${letter}`),
    ];
    const finding = {
      check: "readiness",
      reason: "NotReady",
      message: "",
      since: new Date(NOW).toISOString(),
    } as const;
    const view = withSpec(anIncident({}), { findings: [{ ...finding, evidence }] });
    expect(page(view)).to.include("on shop-5547bdd898-ab1cd").and.not.to.include("ef2gh");
    expect(page(view)).to.include("- and 4 more: -o wide").and.not.to.include("the kind h");
    expect(page(view, true)).to.include("the kind h");
  });

  it("shows the newest of the last words, or why there are none", () => {
    const lines = Array.from({ length: 8 }, (_, index) => `line ${index}`);
    const said = page(withSpec(anIncident({}), { lastWords: { pod: "shop-1", container: "app", lines } }));
    expect(said).to.match(/^Last log +container app of pod shop-1 logged \(3 earlier lines: -o wide\):$/m);
    expect(said).to.include("  line 7").and.not.to.include("line 2\n");
    const none = page(
      withSpec(anIncident({}), { lastWords: { lines: [], missing: "The operator may not read logs." } }),
    );
    expect(none).to.match(/^Last log +The operator may not read logs\.$/m);
  });

  it("tells a rollback by hand as one", () => {
    const view = withSpec(anIncident({}), { kind: "Manual", requestedBy: "eve", reason: "ManualRollback" });
    expect(flat(page(view))).to.include("is rolled back by hand, ManualRollback");
    expect(flat(page(view))).to.include("the rollback was requested at");
  });
});
