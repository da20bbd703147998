// Plays a plan: people ship, restart and delete, and things go wrong, each at its time of the cluster.
import { ANNOTATIONS } from "../../src/api/group.ts";
import { REFUSALS, refusing, unreadable } from "../testing/refusals.ts";
import { deploymentOf, guardOf, serviceOf } from "../testing/shop.ts";
import { arrangeMeddler } from "./meddling.ts";
import type { ApplicationPlan, Step } from "./plan/application-plan.ts";
import { createDice } from "./plan/dice.ts";
import { OPERATORS } from "./plan/disturbances.ts";
import type { Episode, LostRight } from "./plan/episodes.ts";
import type { Plan } from "./plan/plan.ts";
import { LEASE_NAMESPACE, type Stage } from "./stage.ts";

/** Arranges for everything in the plan but the operators' lives to happen in its time. */
export function arrange(plan: Plan, stage: Stage): void {
  const { time } = stage.cluster;
  const { store } = stage.cluster;
  if (plan.isElected)
    store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: LEASE_NAMESPACE } });
  for (const { namespace, name, version } of plan.neighbours)
    time.after(0, () =>
      stage.chronicle.by("people", () => store.apply(deploymentOf(namespace, name, version))),
    );
  for (const life of plan.lives) {
    arrangeMeddler(life, stage);
    arrangeRefusal(life, stage);
    time.after(0, () => stage.chronicle.by("people", () => prepare(life, stage)));
    const { deadServiceAtMs } = life.trait;
    if (deadServiceAtMs !== undefined)
      time.after(deadServiceAtMs, () =>
        stage.chronicle.by("people", () => store.apply(deadService(life, plan.seed))),
      );
    for (const step of life.steps)
      time.after(step.atMs, () => stage.chronicle.by("people", () => take(step, life, plan.seed, stage)));
  }
  for (const episode of plan.disturbances.episodes) time.after(episode.atMs, () => begin(episode, stage));
}

function arrangeRefusal({ namespace, name, refusal }: ApplicationPlan, { cluster, chronicle }: Stage): void {
  if (refusal === undefined) return;
  const { by, fromMs, untilMs } = refusal;
  cluster.time.after(fromMs, () => {
    const fault = cluster.faults.add(refusing({ namespace, name }, REFUSALS[by]));
    chronicle.reportStep(`${namespace}/${name}`, `operators may not change it: ${by}`);
    if (untilMs === undefined) return;
    cluster.time.after(untilMs - fromMs, () => {
      fault.end();
      chronicle.reportStep(`${namespace}/${name}`, "operators may change it again");
    });
  });
}

function prepare(life: ApplicationPlan, { cluster }: Stage): void {
  const { namespace, name, trait } = life;
  const data = { url: Buffer.from("postgres://db").toString("base64") };
  cluster.store.apply({ apiVersion: "v1", kind: "Secret", metadata: { namespace, name: "shared" }, data });
  cluster.store.apply({
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { namespace, name: "disk" },
    spec: { hard: { "requests.ephemeral-storage": "1Gi" } },
  });
  if (trait.podQuota !== undefined) cluster.setPodQuota(namespace, { name: "pods", pods: trait.podQuota });
  cluster.store.apply(serviceOf(namespace, name));
  cluster.store.apply(guardManifest(life));
}

/** It asks for a port that no container declares, or for pods that nobody has. */
function deadService({ namespace, name }: ApplicationPlan, seed: number): object {
  const isPortless = createDice(seed, `${namespace}/${name} dead Service`).happens(0.5);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { namespace, name: `${name}-metrics` },
    spec: {
      selector: { app: name, ...(!isPortless && { role: "nobody" }) },
      ports: [{ port: 9090, targetPort: isPortless ? "metrics" : 8080 }],
    },
  };
}

function guardManifest({ namespace, name, guard }: ApplicationPlan): object {
  const { mode, bakeTimeMs, patienceMs, rollbackTo, namesServices, incidentHistoryLimit } = guard;
  const { maxRollbacks, windowMs, cooldownMs } = guard;
  return guardOf(namespace, name, name, {
    mode,
    bakeTime: `${bakeTimeMs / 1_000}s`,
    rollbackTo,
    ...(namesServices && { services: [name] }),
    ...(patienceMs !== undefined && { checks: { readiness: { patience: `${patienceMs / 1_000}s` } } }),
    limits: { maxRollbacks, window: `${windowMs / 1_000}s`, cooldown: `${cooldownMs / 1_000}s` },
    incidentHistoryLimit,
  });
}

/** Carries out a step; one that has no object to be done to any more is left out. */
function take(step: Step, life: ApplicationPlan, seed: number, { cluster, chronicle }: Stage): void {
  const { namespace, name } = life;
  const { store } = cluster;
  chronicle.reportStep(`${namespace}/${name}`, tell(step, life));
  const deployment = store.get("deployments", namespace, name);
  const change = (changes: object): void => {
    if (deployment !== undefined) store.patch("deployments", namespace, name, changes);
  };
  switch (step.do) {
    case "ship":
    case "undo": {
      const version = life.versions.find(({ tag }) => tag === step.tag)?.version;
      if (version !== undefined)
        store.apply(deploymentOf(namespace, name, { ...version, deployment: life.deployment }));
      return;
    }
    case "restart":
      change({
        spec: {
          template: {
            metadata: {
              annotations: { "kubectl.kubernetes.io/restartedAt": new Date(cluster.now()).toISOString() },
            },
          },
        },
      });
      return;
    case "scale":
      change({ spec: { replicas: step.replicas } });
      return;
    case "pause":
      change({ spec: { paused: step.isPaused || null } });
      return;
    case "veto":
      change({
        metadata: { annotations: { [ANNOTATIONS.veto]: step.isSet ? "the database was migrated" : null } },
      });
      return;
    case "losePods": {
      const dice = createDice(seed, `${namespace}/${name} ${step.atMs}`);
      for (const { metadata } of store.list("pods", namespace)) {
        if (metadata.labels?.["app"] !== name || metadata.deletionTimestamp !== undefined) continue;
        if (!dice.happens(step.share)) continue;
        if (step.how === "evict") cluster.evictPod(namespace, metadata.name);
        else store.delete("pods", namespace, metadata.name);
      }
      return;
    }
    case "deleteDeployment":
      store.delete("deployments", namespace, name, { propagationPolicy: "Background" });
      return;
    case "deleteGuard":
      store.delete("rolloutguards", namespace, name);
      return;
    case "createGuard":
      store.apply(guardManifest(life));
  }
}

function tell(step: Step, life: ApplicationPlan): string {
  const { atMs: _at, do: what, ...rest } = step;
  const planned = "tag" in step ? life.versions.find(({ tag }) => tag === step.tag) : undefined;
  return `${what} ${planned ? `${planned.tag}, ${planned.truth}: ${planned.kind}` : Object.values(rest).join(" ")}`.trim();
}

function begin(episode: Episode, { cluster, chronicle, networksOf }: Stage): void {
  const { trouble } = episode;
  const lastsMs = episode.untilMs - episode.atMs;
  chronicle.reportWorld(`for ${(lastsMs / 1_000).toFixed(1)} s: ${JSON.stringify(trouble)}`);
  const atEnd = (end: () => void): void => {
    cluster.time.after(lastsMs, end);
  };
  const again = (everyMs: number, act: () => void): void => {
    for (let passedMs = 0; passedMs < lastsMs; passedMs += everyMs) cluster.time.after(passedMs, act);
  };
  switch (trouble.is) {
    case "fault":
      cluster.faults.add({ ...trouble.fault, forMs: lastsMs });
      return;
    case "faults":
      again(trouble.everyMs, () => cluster.faults.add(trouble.fault));
      return;
    case "expiry":
      cluster.expireResourceVersions();
      cluster.cutWatches();
      return;
    case "restart":
      for (const network of networksOf("both")) network.setRefusing(true);
      atEnd(() => {
        cluster.expireResourceVersions();
        for (const network of networksOf("both")) network.setRefusing(false);
      });
      return;
    case "partition":
      for (const network of networksOf(trouble.whom)) network.setFrozen(true);
      atEnd(() => {
        for (const network of networksOf(trouble.whom)) network.setFrozen(false);
      });
      return;
    case "lag":
      for (const network of networksOf(trouble.whom)) network.setLatency([1, trouble.upToMs]);
      atEnd(() => {
        for (const network of networksOf(trouble.whom)) network.setLatency();
      });
      return;
    case "resets":
      again(trouble.everyMs, () => {
        for (const network of networksOf(trouble.whom)) network.reset();
      });
      return;
    case "lostNodes": {
      const setReady = (isReady: boolean): void => {
        for (let n = 1; n <= trouble.count; n += 1) cluster.setNodeReady(`node${n}`, isReady);
      };
      setReady(false);
      atEnd(() => setReady(true));
      return;
    }
    case "lostRight":
      loseRight(trouble, lastsMs, cluster);
  }
}

/** What is being watched ends as well, as with an API server that is restarted. */
function loseRight({ resource, of }: LostRight, forMs: number, { faults }: Stage["cluster"]): void {
  const on = { ...OPERATORS, resource };
  const verbs = of === "reading" ? ({ verb: ["read", "watch"] } as const) : {};
  faults.add({ on: { ...on, ...verbs }, does: unreadable(resource), forMs });
  faults.add({ on: { ...on, verb: "watch" }, does: { watch: "end" }, forMs: 0 });
}
