import { expect } from "chai";
import { incidentSpecSchema, incidentStatusSchema } from "../api/incident.ts";
import { FINDING_REASONS, type FindingReason } from "../api/reasons.ts";
import { rolloutGuardStatusSchema } from "../api/rollout-guard.ts";
import { templateChanges } from "./changes/template-changes.ts";
import { decide } from "./decide.ts";
import { CHECK_NAMES, type FailingFinding } from "./decision.ts";
import { incidentSpec, withTransition } from "./incidents/incident-status.ts";
import { lastLines } from "./last-words/last-words.ts";
import { rolloutOf } from "./rollout/rollout.ts";
import type { IncidentView } from "./snapshot/incident.ts";
import type { RevisionView } from "./snapshot/revision.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import { aRevision, GOOD, NEW } from "./testing/a-revision.ts";
import { GOOD_TEMPLATE } from "./testing/a-template.ts";
import { anIncident } from "./testing/an-incident.ts";
import { effectsOf, statusAfter } from "./testing/expect-decision.ts";
import {
  completedAfter,
  crashing,
  withIncidents,
  withOthers,
  withSpec,
  withStatus,
  withWorkload,
} from "./testing/facts.ts";
import { later, minutes, seconds, T0, written } from "./testing/instants.ts";
import { aRollout, aSettledWorkload, type Scene } from "./testing/scene.ts";
import { snapshotOf } from "./testing/snapshot-of.ts";

const readyAfter = (scene: Scene) => statusAfter(scene).conditions?.find(({ type }) => type === "Ready");
const foreign = Array.from({ length: 8 }, (_, index) => ({
  type: `Other${index}`,
  status: "True" as const,
  lastTransitionTime: written(T0),
  reason: "ByHand",
  message: "",
}));
const writable = (scene: Scene) => rolloutGuardStatusSchema.parse(statusAfter(scene));

describe("decide, with a guard that contradicts itself", () => {
  const rollout = aRollout();

  it("says in Ready which Services are not there, and goes on without them", () => {
    const ready = readyAfter(aRollout(withSpec({ services: ["checkout", "missing"] })));
    expect(ready).to.include({ status: "True", reason: "Watching" });
    expect(ready?.message).to.match(/do not exist: missing. The guard ignores them/);
    expect(readyAfter(rollout)?.message).to.equal("The guard watches its Deployment.");
  });

  it("says in Ready that a named Service has no endpoints by nature", () => {
    const scene = aRollout(withSpec({ services: ["checkout"] }));
    const services = scene.services.map((service) => ({ ...service, isExternalName: true }));
    expect(readyAfter({ ...scene, services })?.message).to.match(/ExternalName .*: checkout/);
  });

  it("says in Ready that no check is left", () => {
    const named = CHECK_NAMES.filter((name) => name !== "metrics" && name !== "http");
    const off = Object.fromEntries(named.map((name) => [name, { enabled: false }]));
    expect(readyAfter(aRollout(withSpec({ checks: off })))?.message).to.include("All checks are disabled");
    const one = { ...off, crashLoop: { enabled: true } };
    expect(readyAfter(aRollout(withSpec({ checks: one })))?.message).not.to.include("turned off");
  });

  it("says in Ready which Incidents cannot be read", () => {
    const otherIncidents = [{ name: "nonsense", problem: "It is none." }, { name: "somebody-else" }];
    const [written] = effectsOf(
      decide({ ...snapshotOf(rollout), otherIncidents }, rollout.now),
      "updateGuardStatus",
    );
    const ready = written?.status.conditions?.find(({ type }) => type === "Ready");
    expect(ready?.message).to.match(/you can delete them: nonsense\.$/);
  });
});

describe("decide, with a status that somebody has vandalised", () => {
  it("writes it anew when it held what RolloutGuard never writes, although the rest is right", () => {
    const settled = aSettledWorkload();
    const status = statusAfter(settled);
    const sound = { ...settled, guard: { ...settled.guard, status } };
    expect(effectsOf(decide(snapshotOf(sound), sound.now), "updateGuardStatus")).to.deep.equal([]);
    const spoiled = { ...sound, guard: { ...sound.guard, isStatusSpoiled: true } };
    expect(statusAfter(spoiled)).to.deep.equal(status);
    expect(effectsOf(decide(snapshotOf(spoiled), sound.now), "updateGuardStatus")).to.have.length(1);
  });

  it("keeps room for its own conditions among those of others", () => {
    const types = writable(aRollout(withStatus({ conditions: foreign }))).conditions?.map(({ type }) => type);
    expect(types).to.have.length(8).and.to.include.members(["Ready", "Healthy", "Other0"]);
  });

  it("comes to rest when a rollout began a little in the future", () => {
    const current = { hash: NEW.hash, revision: 2, images: [], since: written(later(minutes(30))) };
    const scene = aRollout(completedAfter(seconds(10)), withStatus({ current }));
    expect(statusAfter(scene).current?.since).to.equal(written(scene.now));
  });

  it("does not take a condition of the year 9999 for the moment of completion", () => {
    const ahead = Date.UTC(9999, 0, 1);
    const condition = {
      type: "Progressing",
      status: "True",
      reason: "NewReplicaSetAvailable",
      message: "",
      transitionAt: ahead,
      updatedAt: ahead,
    } as const;
    const scene = aRollout(completedAfter(seconds(10)), withWorkload({ conditions: [condition] }));
    const rollout = rolloutOf(snapshotOf(scene), scene.now);
    expect(rollout?.completedAt).to.equal(scene.now);
  });
});

describe("decide, with revisions that nobody should have made", () => {
  it("lists one entry for two ReplicaSets of the same hash", () => {
    const twin = {
      ...GOOD,
      id: "uid-of-twin",
      source: { ...GOOD.source, name: "checkout-twin", uid: "uid-of-twin" },
    };
    const hashes = writable(aRollout(completedAfter(seconds(10)), withOthers(GOOD, twin))).revisions?.map(
      ({ hash }) => hash,
    );
    expect(hashes?.length).to.equal(new Set(hashes).size);
    expect(hashes).to.include(GOOD.hash);
  });

  it("names as many images as fit, and writes the status of a pod with hundreds of containers", () => {
    const [app] = GOOD_TEMPLATE.containers;
    if (!app) throw new Error("no container");
    const containers = Array.from({ length: 200 }, (_, index) => ({
      ...app,
      name: `c${index}`,
      image: `registry.example/${"x".repeat(900)}:${index}`,
    }));
    const odd = aRevision("odd", 1, {}, (template) => ({ ...template, containers }));
    const scene = aRollout();
    const status = writable({ ...scene, current: { ...odd, revision: 2 } });
    expect(status.current?.images).to.have.length(4);
  });

  it("tells the change of a label that is called like a method of every object", () => {
    const before = { ...GOOD, template: { ...GOOD_TEMPLATE, labels: {} } };
    const after: RevisionView = { ...NEW, template: { ...GOOD_TEMPLATE, labels: { constructor: "x" } } };
    expect(templateChanges(before, after)).to.deep.equal(["label constructor=x was added"]);
    expect(templateChanges(after, before)).to.deep.equal(["label constructor=x was removed"]);
  });
});

const REASONS = Object.keys(FINDING_REASONS) as FindingReason[];

describe("an Incident about a cluster that shouts", () => {
  const shout = "🧨 エラー \u001b[31m".repeat(2_000);
  const labels = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`${shout}${index}`, shout]));
  const loud: RevisionView = { ...NEW, template: { ...NEW.template, labels } };
  const scene = aRollout(withSpec({ evidence: { logs: true } }), crashing);
  // Every quotation mark takes twice its room.
  const log = Array.from({ length: 50 }, () => '"'.repeat(300)).join("\n");
  const lastWords = { pod: "checkout-1", container: "app", lines: [...lastLines(log, (text) => text)] };
  const answers = { podLog: { at: T0, value: lastWords } };
  const snapshot: Snapshot = { ...snapshotOf({ ...scene, current: loud }), answers };
  const headline: FailingFinding = {
    check: "crashLoop",
    verdict: "failing",
    reason: "CrashLooping",
    message: shout,
    sinceAt: T0,
    restsOn: [],
    evidence: Array.from({ length: 50 }, () => shout),
  };

  it("keeps to the schema and below 100 KiB, however long its story gets", () => {
    const rollout = rolloutOf(snapshot, scene.now);
    if (!rollout) throw new Error("no rollout");
    const findings = CHECK_NAMES.map((check) => ({ ...headline, check }));
    const spec = incidentSpec(rollout, headline, findings, "None", scene.now);
    expect(incidentSpecSchema.parse(spec)).to.deep.equal(spec);
    expect(spec.lastWords?.lines, "last words").to.have.length.above(10);
    let incident: Pick<IncidentView, "spec" | "status"> = { spec };
    for (let time = 0; time < 70; time++) {
      const brake = { reason: "Veto", message: shout } as const;
      const status = withTransition(incident, snapshot, "Held", shout, later(seconds(time)), { brake });
      incident = { spec, status };
    }
    expect(incidentStatusSchema.parse(incident.status)).to.deep.equal(incident.status);
    expect(incident.status?.changes, "changes").to.have.length(50);
    expect(incident.status?.timeline, "timeline").to.have.length(50);
    const text = JSON.stringify(incident);
    expect(Buffer.byteLength(text)).to.be.within(40 * 1_024, 100 * 1_024);
    expect(text).not.to.include("\\u001b");
  });

  it("tells the causes in less than 10 KiB, and what they come to in its status in less than 5", () => {
    const rollout = rolloutOf(snapshot, scene.now);
    if (!rollout) throw new Error("no rollout");
    const findings = CHECK_NAMES.flatMap((check) =>
      REASONS.map((reason) => ({ ...headline, check, reason })),
    );
    const { causes, ...spec } = incidentSpec(rollout, headline, findings.slice(0, 11), "None", scene.now);
    expect(Buffer.byteLength(JSON.stringify(causes)), "causes").to.be.within(500, 10 * 1_024);
    const status = withTransition({ spec: { ...spec, causes } }, snapshot, "Held", "…", scene.now);
    const { cause, certainty, rootCause, remedy, patch, furtherCauses } = status;
    const text = JSON.stringify({ cause, certainty, rootCause, remedy, patch, furtherCauses });
    expect(Buffer.byteLength(text), "status").to.be.within(200, 5 * 1_024);
  });
});

describe("decide, with an Incident that somebody wrote by hand", () => {
  const byHand = (facts: Parameters<typeof anIncident>[0]) => anIncident({ name: "by-hand", ...facts });

  it("rolls nothing back that does not fail, whatever it intends", () => {
    for (const phase of [undefined, "Held", "Acting", "Verifying"] as const) {
      const scene = aRollout(withIncidents(byHand({ action: "Undo", ...(phase && { phase }) })));
      const decision = decide(snapshotOf(scene), scene.now);
      expect(effectsOf(decision, "change"), String(phase)).to.deep.equal([]);
    }
  });

  it("still opens its own for a rollout that fails, under another name when the name is taken", () => {
    const scene = aRollout(crashing);
    const otherIncidents = [{ name: NEW.source.name }];
    const decision = decide({ ...snapshotOf(scene), otherIncidents }, scene.now);
    expect(effectsOf(decision, "openIncident").map(({ name }) => name)).to.deep.equal([
      `${NEW.source.name}-2`,
    ]);
    expect(effectsOf(decision, "change")).to.have.length(1);
  });
});
