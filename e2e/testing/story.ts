// One application, its guard and what people do to it, in words: given, when, then. Each story has a namespace of its own.

import {
  controllerOf,
  type Deployment,
  type PodTemplate,
  type ReplicaSet,
} from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import { ANNOTATIONS } from "../../src/api/group.ts";
import {
  type IncidentPhase,
  type IncidentSpec,
  type IncidentStatus,
  phaseOf,
} from "../../src/api/incident.ts";
import type { BrakeReason, FindingReason } from "../../src/api/reasons.ts";
import type { RolloutGuardStatus } from "../../src/api/rollout-guard.ts";
import { deploymentOf, guardOf, SHOP, serviceOf, type Version } from "./shop.ts";
import type { Stage } from "./stage.ts";

export interface Incident {
  readonly name: string;
  readonly spec: IncidentSpec;
  readonly status: IncidentStatus | undefined;
  readonly phase: IncidentPhase;
}

/** The version that works. */
const GOOD: Version = { tag: "v1" };

export type Story = ReturnType<typeof createStory>;

export function createStory(world: Stage, namespace: string) {
  const { cluster, ledger, eventually } = world;
  const { store } = cluster;

  function deployment(name = SHOP): Deployment {
    const found = store.get("deployments", namespace, name);
    if (found === undefined) throw new Error(`there is no Deployment ${namespace}/${name}`);
    return found;
  }

  function guardStatus(name = SHOP): RolloutGuardStatus {
    return (store.get("rolloutguards", namespace, name)?.status ?? {}) as RolloutGuardStatus;
  }

  function incidents(): Incident[] {
    return store.list("incidents", namespace).map(({ metadata, spec, status }) => {
      const facts = { spec: spec as IncidentSpec, status: status as IncidentStatus | undefined };
      return { name: metadata.name, ...facts, phase: phaseOf(facts) };
    });
  }

  /** The ReplicaSets of the Deployment by revision number, newest first. */
  function history(name = SHOP): { revision: number; cause: string | undefined; set: ReplicaSet }[] {
    const { uid } = deployment(name).metadata;
    return store
      .list("replicasets", namespace)
      .filter((set) => controllerOf(set)?.uid === uid)
      .map((set) => ({
        revision: Number(set.metadata.annotations?.["deployment.kubernetes.io/revision"]),
        cause: set.metadata.annotations?.["kubernetes.io/change-cause"],
        set,
      }))
      .sort((a, b) => b.revision - a.revision);
  }

  /** The template hash of the newest revision. */
  function liveHash(): string {
    return history()[0]?.set.metadata.labels?.["pod-template-hash"] ?? "";
  }

  function readyEndpoints(service = SHOP): number {
    return store
      .list("endpointslices", namespace)
      .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === service)
      .flatMap(({ endpoints }) => endpoints ?? [])
      .filter(({ conditions }) => conditions.ready).length;
  }

  function pods() {
    return store.list("pods", namespace).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  function isComplete(name = SHOP): boolean {
    const { metadata, spec, status } = deployment(name);
    return (
      status.observedGeneration === metadata.generation &&
      status.updatedReplicas === spec.replicas &&
      status.replicas === spec.replicas &&
      status.availableReplicas === spec.replicas
    );
  }

  function change(changes: object, name = SHOP): void {
    store.patch("deployments", namespace, name, changes);
  }

  function setTemplate(template: PodTemplate, name = SHOP): void {
    const current = deployment(name);
    const changed = { ...current, spec: { ...current.spec, template } };
    store.update("deployments", changed, { component: "kubectl-rollout" });
  }

  const given = {
    /** An application that was never deployed before, with its Service. */
    aDeployment(version: Version = GOOD, name = SHOP): void {
      store.apply(serviceOf(namespace, name));
      store.apply(deploymentOf(namespace, name, version));
    },
    aGuard(spec: object = {}, name: string = SHOP): void {
      store.apply(guardOf(namespace, SHOP, name, spec));
    },
    /** An application whose running version is known to be good. */
    async aGoodDeployment(options: { version?: Version; guard?: object; name?: string } = {}): Promise<void> {
      const { version = GOOD, guard = {}, name = SHOP } = options;
      given.aDeployment(version, name);
      store.apply(guardOf(namespace, name, name, guard));
      await then.good(version.tag, name);
      // A guard that has not seen the Service serve does not miss its endpoints later, and on a busy machine it can be good before.
      await eventually(
        () => `the guard of ${namespace}/${name} knows the Service: ${JSON.stringify(guardStatus(name))}`,
        () => (guardStatus(name).services ?? []).some((service) => service.name === name),
      );
    },
    /** The same, a moment later: all that was to be written about it is written. */
    async aSettledDeployment(): Promise<void> {
      await given.aGoodDeployment();
      await world.pass(10_000);
    },
    aSecret(name: string): void {
      const data = { DATABASE_URL: Buffer.from("postgres://db").toString("base64") };
      store.apply({ apiVersion: "v1", kind: "Secret", metadata: { namespace, name }, data });
    },
  };

  const when = {
    /** `kubectl apply` of that version. */
    shipped(version: Version, name = SHOP): void {
      store.apply(deploymentOf(namespace, name, version));
    },
    scaledTo(replicas: number): void {
      change({ spec: { replicas } });
    },
    restarted(): void {
      const restartedAt = new Date(cluster.now()).toISOString();
      const annotations = { "kubectl.kubernetes.io/restartedAt": restartedAt };
      change({ spec: { template: { metadata: { annotations } } } });
    },
    paused(isPaused = true): void {
      change({ spec: { paused: isPaused } });
    },
    /** `kubectl rollout undo --to-revision`. */
    undoneTo(revision: number): void {
      const past = history().find((entry) => entry.revision === revision);
      const template = past?.set.spec.template;
      const { "pod-template-hash": _hash, ...labels } = template?.metadata?.labels ?? {};
      if (template === undefined) throw new Error(`there is no revision ${revision}`);
      setTemplate({ ...template, metadata: { ...template.metadata, labels } });
    },
    allPodsDeleted(): void {
      for (const { metadata } of pods()) store.delete("pods", namespace, metadata.name);
    },
    vetoed(reason: string): void {
      change({ metadata: { annotations: { [ANNOTATIONS.veto]: reason } } });
    },
  };

  const then = {
    /** The version came up and has proved itself, as the guard sees it. */
    async good(tag: string, name = SHOP): Promise<void> {
      await eventually(
        () => `${namespace}/${name} ${tag} is good: ${JSON.stringify(guardStatus(name))}`,
        () => {
          const { phase, lastGood, current } = guardStatus(name);
          const runs = deployment(name).spec.template.spec.containers[0]?.image === `${name}:${tag}`;
          return (
            runs &&
            phase === "Healthy" &&
            current?.images[0] === `${name}:${tag}` &&
            lastGood?.hash === current.hash
          );
        },
      );
    },
    /** There is an Incident in that phase, perhaps after others have ended. */
    async incident(phase: IncidentPhase, number = 1): Promise<Incident> {
      return eventually(
        () => `Incident ${number} of ${namespace} is ${phase}; ${tell()}`,
        () => {
          const found = incidents().sort(byDetection)[number - 1];
          return found?.phase === phase && found;
        },
      );
    },
    /** The rollout was undone, once, and service is back. Resolves with its Incident. */
    async rolledBack(
      wanted: {
        to?: string;
        from?: string;
        reason?: FindingReason;
        number?: number;
        endpoints?: number;
      } = {},
    ): Promise<Incident> {
      const { to = "v1", from = "v2", reason, number = 1, endpoints = 3 } = wanted;
      const incident = await then.incident("Recovered", number);
      const { metadata, spec } = deployment();
      if (reason !== undefined) expect(incident.spec.reason, incident.spec.message).to.equal(reason);
      // It may have been held for a moment, but the intent comes before the act, and the act is verified.
      expect(ledger.phases(namespace, incident.name).join()).to.match(
        /^(Held,)*Acting,((Held|Acting),)*Verifying,Recovered$/,
      );
      expect(spec.template, "the template").to.deep.equal(withoutHash(incident.spec.restoreRevision?.hash));
      expect(spec.template.spec.containers[0]?.image).to.equal(`${SHOP}:${to}`);
      expect(incident.spec.failedRevision.images).to.include(`${SHOP}:${from}`);
      expect(ledger.acceptedRollbacks(namespace), "rollbacks").to.have.lengthOf(number);
      expect(readyEndpoints(), "ready endpoints").to.equal(endpoints);
      expect(metadata.annotations).to.include({
        "example.com/owner": "team-shop",
        // It is the applier's.
        "kubernetes.io/change-cause": `ship ${from}`,
        [ANNOTATIONS.incident]: incident.name,
        [ANNOTATIONS.rolledBackFrom]: incident.spec.failedRevision.hash,
      });
      expect(
        history().map(({ cause }) => cause),
        "the rollout history",
      ).to.include(`ship ${from}`);
      const status = await eventually(
        () => "the guard is healthy again",
        () => {
          const now = guardStatus();
          const isReported = now.lastIncident === incident.name && now.activeIncident === undefined;
          return now.phase === "Healthy" && isReported && now;
        },
      );
      const quarantined = status.revisions?.find(({ hash }) => hash === incident.spec.failedRevision.hash);
      expect(quarantined?.verdict, "the verdict on the failed revision").to.equal("Bad");
      // The Incident that put it there: the first, if the same version failed before.
      expect(incident.name.startsWith(quarantined?.incident ?? "none")).to.equal(true);
      expect(status).to.include({ rollbacks: number, lastIncident: incident.name });
      return incident;
    },
    /** Nobody but people changed the Deployment, and no Incident was ever opened. */
    leftAlone(): void {
      expect(
        ledger.incidents(namespace).map((name) => reportIncident(name)),
        "Incidents",
      ).to.deep.equal([]);
      expect(ledger.rollbacks(namespace), "rollbacks").to.deep.equal([]);
    },
    /** An Incident is held by that brake, and nothing was patched since the rollbacks before. */
    async held(
      brake: BrakeReason,
      { number = 1, rollbacks = number - 1 }: { number?: number; rollbacks?: number } = {},
    ): Promise<Incident> {
      const incident = await eventually(
        () => `Incident ${number} is held by ${brake}; ${tell()}`,
        () => {
          const found = incidents().sort(byDetection)[number - 1];
          return found?.phase === "Held" && found.status?.brake?.reason === brake && found;
        },
      );
      expect(ledger.rollbacks(namespace), "rollbacks").to.have.lengthOf(rollbacks);
      return incident;
    },
  };

  /** The template of the ReplicaSet with this hash, as the Deployment should have it. */
  function withoutHash(hash: string | undefined): PodTemplate | undefined {
    const set = history().find(({ set }) => set.metadata.labels?.["pod-template-hash"] === hash)?.set;
    if (set === undefined) return undefined;
    const { "pod-template-hash": _hash, ...labels } = set.spec.template.metadata?.labels ?? {};
    return { ...set.spec.template, metadata: { ...set.spec.template.metadata, labels } };
  }

  function tell(): string {
    return `Incidents: ${
      incidents()
        .map(({ name }) => reportIncident(name))
        .join("; ") || "none"
    }`;
  }

  function reportIncident(name: string): string {
    const incident = incidents().find((each) => each.name === name);
    return `${name} ${ledger.phases(namespace, name).join(" > ")}: ${incident?.spec.reason}: ${incident?.status?.message ?? incident?.spec.message}`;
  }

  return {
    namespace,
    world,
    given,
    when,
    // oxlint-disable-next-line unicorn/no-thenable -- An object, not a function: nobody can await a story by mistake.
    then,
    deployment,
    guardStatus,
    incidents,
    history,
    liveHash,
    readyEndpoints,
    pods,
    isComplete,
    change,
  };
}

function byDetection(a: Incident, b: Incident): number {
  return Date.parse(a.spec.detectedAt) - Date.parse(b.spec.detectedAt);
}
