// What must have come of a scenario, in full: each failure tells what was seen instead.
import { expect } from "chai";
import { ANNOTATIONS } from "../../../src/api/group.ts";
import { type IncidentPhase, phaseOf } from "../../../src/api/incident.ts";
import type { BrakeReason, FindingReason } from "../../../src/api/reasons.ts";
import type { RolloutGuardStatus } from "../../../src/api/rollout-guard.ts";
import { type ClusterUnderTest, pass } from "../../clusters/cluster-under-test.ts";
import type { Mirror } from "../../clusters/mirror.ts";
import type { Eventually } from "../../testing/eventually.ts";
import { SHOP } from "../../testing/shop.ts";
import { type Deeds, templateOf } from "./deeds.ts";
import { type ForeignChange, foreignChanges } from "./foreign-changes.ts";
import type { Outcomes, Rollback } from "./outcomes.ts";
import type { Incident, Sight } from "./sight.ts";

export interface StageParts {
  readonly cluster: ClusterUnderTest;
  readonly mirror: Mirror;
  readonly namespace: string;
  readonly sight: Sight;
  readonly deeds: Deeds;
  readonly eventually: Eventually;
}

/** After a rollback so long nothing more may happen. */
const SETTLES_MS = 20_000;
/** How long what must be left alone is watched: after its last change, and after it is complete. */
const WATCHED_MS = 90_000;
const WATCHED_COMPLETE_MS = 60_000;

export function createExpectations({ cluster, mirror, namespace, sight, deeds, eventually }: StageParts) {
  /** Changes of the Deployment that were not the scenario's own. */
  function foreign(name: string): ForeignChange[] {
    return foreignChanges(mirror, namespace, name, deeds.done);
  }

  function tell(name: string): string {
    const reported = sight
      .incidents(name)
      .map(({ name, phase, spec, status }) => `${name} is ${phase}: ${spec.reason}: ${status?.message}`);
    const { phase, conditions } = sight.guardStatus(name);
    const healthy = conditions?.find(({ type }) => type === "Healthy");
    return `the guard is ${phase} (${healthy?.reason}: ${healthy?.message}); Incidents: ${reported.join("; ") || "none"}`;
  }

  async function incident(phases: readonly IncidentPhase[], name: string): Promise<Incident> {
    return eventually(
      () => `the Incident of ${name} is ${phases.join(" or ")}; ${tell(name)}`,
      () => sight.incidents(name).findLast(({ phase }) => phases.includes(phase)),
    );
  }

  function expectRestored(incident: Incident, name: string, from: string, to: string): void {
    const { metadata, spec } = sight.deployment(name);
    const history = sight.history(name);
    const { failedRevision, restoreRevision } = incident.spec;
    const restored = history.find(({ hash }) => hash === restoreRevision?.hash);
    expect(spec.template, "the template").to.deep.equal(
      restored && templateOf(restored.replicaSet.spec.template),
    );
    expect(spec.template.spec.containers[0]?.image).to.match(new RegExp(`:${to}$`));
    expect(metadata.annotations).to.include({
      "example.com/owner": "team-shop",
      // It is the applier's.
      "kubernetes.io/change-cause": `ship ${from}`,
      [ANNOTATIONS.incident]: incident.name,
      [ANNOTATIONS.rolledBackFrom]: failedRevision.hash,
    });
    const numbers = history.map(({ number }) => number);
    expect(numbers, "revision numbers").to.deep.equal([...new Set(numbers)]);
    expect(history[0]?.hash, "the newest revision").to.equal(restoreRevision?.hash);
    const failed = history.find(({ hash }) => hash === failedRevision.hash);
    expect(failed, "the failed revision in the history").to.include({ cause: `ship ${from}` });
    expect(failedRevision.images.length, "images of the failed revision").to.be.at.least(1);
  }

  /** The phases that an Incident went through, in order. */
  function phasesOf(incident: string): IncidentPhase[] {
    const phases = mirror
      .changes("incidents", namespace)
      .filter(({ object }) => object.metadata.name === incident)
      .map(({ object }) => phaseOf(object as unknown as Pick<Incident, "spec" | "status">));
    return phases.filter((phase, index) => phase !== phases[index - 1]);
  }

  function expectReported(incident: Incident, wanted: Rollback, name: string): void {
    const { reason, cause } = wanted;
    expect(incident.spec.reason, incident.spec.message).to.equal(reason);
    const finding = incident.spec.findings.find((each) => each.reason === reason);
    expect(finding?.evidence.length, `evidence for ${reason}`).to.be.at.least(1);
    // Where the message says it all there is no other sentence.
    const because = incident.status?.rootCause ?? "";
    expect([wanted.class].flat(), `the class of: ${because}`).to.include(incident.status?.cause);
    expect(incident.status?.remedy ?? "", "what to change").not.to.equal("");
    expect(because, "the cause").to.match(typeof cause === "string" ? new RegExp(escaped(cause)) : cause);
    if (wanted.changes) expect(incident.status?.changes?.join("\n"), "what changed").to.match(wanted.changes);
    const event = sight.eventsOn(name).find((each) => each.reason === "RollingBack");
    expect(event?.message, "the Event on the Deployment").to.include(incident.name);
  }

  return {
    tell,
    foreign,

    takenUp: (name = SHOP) =>
      eventually(
        () => `${name} runs, and its guard knows: ${JSON.stringify(sight.guardStatus(name))}`,
        () => {
          const { revisions, services } = sight.guardStatus(name);
          const isKnown =
            revisions?.some(({ verdict }) => verdict !== "Bad") &&
            services?.some((service) => service.name === name);
          return isKnown && sight.isComplete(name);
        },
      ),

    /** The rollout was undone by one patch of the operator, service is back, and the record says why. */
    async rolledBack(wanted: Rollback): Promise<Incident> {
      const { from = "v2", to = "v1", replicas = 3, name = SHOP } = wanted;
      await incident(["Recovered", "NotRecovered"], name);
      const settled = await eventually(
        () => `the rollback of ${name} is told and complete; ${tell(name)}`,
        () => {
          const { activeIncident, lastIncident, rollbacks } = sight.guardStatus(name);
          const isReported = activeIncident === undefined && lastIncident !== undefined && rollbacks === 1;
          return (
            isReported && sight.isComplete(name) && sight.readyEndpoints(name) === replicas && lastIncident
          );
        },
      );
      await pass(cluster, SETTLES_MS);
      const all = sight.incidents(name);
      const found = all.find((each) => each.name === settled);
      if (found === undefined) throw new Error(`there is no Incident ${settled}`);
      // It may have been held for a moment, but the intent comes before the act, and the act is verified.
      expect(phasesOf(settled).join(), tell(name)).to.match(
        /^(Held,)*Acting,((Held|Acting),)*Verifying,Recovered$/,
      );
      expectReported(found, wanted, name);
      expectRestored(found, name, from, to);
      const changes = foreign(name).filter(({ isTemplate }) => isTemplate);
      expect(changes, "changes of the template by others").to.have.lengthOf(1);
      expect(sight.deployment(name).spec.paused, "spec.paused").to.equal(undefined);
      expect(changes[0]?.managers, "who changed it").to.include("rolloutguard");
      expect(sight.readyEndpoints(name), "ready endpoints").to.equal(replicas);
      const status = sight.guardStatus(name);
      expect(status.phase, tell(name)).to.be.oneOf(["Healthy", "Baking"]);
      const verdict = status.revisions?.find(({ hash }) => hash === found.spec.failedRevision.hash)?.verdict;
      expect(verdict, "the verdict on the failed revision").to.equal("Bad");
      return found;
    },

    async held(brake: BrakeReason, reason: FindingReason): Promise<Incident> {
      const found = await eventually(
        () => `an Incident is held by ${brake}; ${tell(SHOP)}`,
        () => sight.incidents(SHOP).find(({ status }) => status?.brake?.reason === brake),
      );
      expect(found.spec, found.spec.message).to.include({ reason, action: "None" });
      expect(foreign(SHOP), "changes by others").to.deep.equal([]);
      return found;
    },

    async superseded(): Promise<void> {
      const ended = await incident(["Superseded", "Recovered"], SHOP);
      expect(ended.phase, tell(SHOP)).to.equal("Superseded");
      await eventually(
        () => `the fix runs; ${tell(SHOP)}`,
        () => sight.isComplete(SHOP) && sight.readyEndpoints(SHOP) === sight.deployment(SHOP).spec.replicas,
      );
      expect(foreign(SHOP), "changes by others").to.deep.equal([]);
      expect(sight.incidents(SHOP)).to.have.lengthOf(1);
    },

    guardIs(phase: RolloutGuardStatus["phase"]): void {
      expect(sight.guardStatus(SHOP).phase, tell(SHOP)).to.equal(phase);
    },

    async leftAlone(name = SHOP): Promise<void> {
      const changedAt = deeds.done.findLast(({ deployment }) => deployment === name)?.at ?? cluster.now();
      const isWell = () => {
        const { phase } = sight.guardStatus(name);
        return sight.isComplete(name) && (phase === "Healthy" || phase === "Baking");
      };
      await eventually(() => `${name} is well; ${tell(name)}`, isWell);
      await pass(cluster, Math.max(WATCHED_COMPLETE_MS, changedAt + WATCHED_MS - cluster.now()));
      await eventually(() => `${name} is still well; ${tell(name)}`, isWell);
      expect(sight.incidents(name), tell(name)).to.deep.equal([]);
      expect(foreign(name), "changes by others").to.deep.equal([]);
    },

    async untouched(): Promise<void> {
      await pass(cluster, WATCHED_MS + WATCHED_COMPLETE_MS);
      expect(sight.incidents(SHOP), tell(SHOP)).to.deep.equal([]);
      expect(foreign(SHOP), "changes by others").to.deep.equal([]);
    },
  } satisfies Outcomes;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
