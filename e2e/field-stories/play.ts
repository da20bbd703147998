// Plays a story on the simulated cluster with a guard that acts, and says what it did.
import { startSimulatedCluster } from "@rolloutguard/simulated-cluster";
import type { KubeObject } from "@rolloutguard/simulated-cluster/objects";
import { CRD_FOLDER } from "../../hack/crd-folder.ts";
import { type IncidentSpec, type IncidentStatus, phaseOf } from "../../src/api/incident.ts";
import { DEFAULT_WORKLOAD_KIND } from "../../src/api/workload-kind.ts";
import { reconcileKey } from "../../src/kube/reconcile-key.ts";
import { deploymentOf, SHOP, serviceOf } from "../testing/shop.ts";
import { type FieldStory, NAMESPACE } from "./field-story.ts";
import { GuardOnDuty } from "./guard-on-duty.ts";
import { SteppedTime } from "./stepped-time.ts";

/** An Incident, with when it was opened. */
export interface SeenIncident {
  /** Seconds from the release. */
  readonly t: number;
  readonly spec: IncidentSpec;
  status: IncidentStatus | undefined;
}

export interface Played {
  /** Seconds from the release to each rollback. */
  readonly rollbacks: readonly number[];
  readonly incidents: readonly SeenIncident[];
  /** What the guard said, in order. */
  readonly said: readonly string[];
}

const STARTED_AT = Date.parse("2026-11-21T00:00:00Z");

export async function play(story: FieldStory, seed = 1): Promise<Played> {
  const clock = new SteppedTime();
  const cluster = await startSimulatedCluster({
    ...story.nodes,
    clock,
    seed,
    port: "none",
    crdFolder: CRD_FOLDER,
    startAt: STARTED_AT,
  });
  const key = reconcileKey(NAMESPACE, SHOP, { kind: DEFAULT_WORKLOAD_KIND, name: SHOP });
  const guard = new GuardOnDuty(cluster, key);
  const scene = { cluster, guard };
  const { store } = cluster;
  const said: { readonly at: number; readonly text: string }[] = [];
  const incidents = new Map<string, SeenIncident>();
  guard.onDecision = ({ phase, reason, message }) => {
    const text = `${phase} ${reason}: ${message}`;
    if (said.at(-1)?.text !== text) said.push({ at: cluster.now(), text });
  };
  try {
    store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    for (const deed of story.given ?? []) deed(scene);
    store.apply(serviceOf(NAMESPACE, SHOP));
    store.apply(deploymentOf(NAMESPACE, SHOP, story.before));
    await clock.pass(1_000 * (story.ranSeconds ?? 300));
    store.apply({
      apiVersion: "rolloutguard.io/v1alpha1",
      kind: "RolloutGuard",
      metadata: { namespace: NAMESPACE, name: SHOP },
      spec: { target: { name: SHOP }, ...story.guardSpec },
    });
    await clock.pass(1_000 * (story.guardedSeconds ?? 60));
    const releasedAt = cluster.now();
    store.subscribe("incidents", ({ type, object }) => {
      const { metadata, spec, status } = object as KubeObject & Pick<SeenIncident, "spec" | "status">;
      const seen = incidents.get(metadata.name);
      if (seen) seen.status = status;
      // One about the version before is no answer to the release.
      else if (type === "ADDED")
        incidents.set(metadata.name, { t: seconds(cluster.now(), releasedAt), spec, status });
    });
    if (typeof story.release === "function") story.release(scene);
    else store.apply(deploymentOf(NAMESPACE, SHOP, story.release));
    let passed = 0;
    for (const [at, deed] of [...(story.later ?? [])].sort(([a], [b]) => a - b)) {
      await clock.pass(1_000 * (at - passed));
      passed = at;
      deed(scene);
    }
    await clock.pass(1_000 * ((story.lastsSeconds ?? 1_200) - passed));
    return {
      rollbacks: guard.acts
        .filter(({ change }) => change.do === "restoreTemplate")
        .map(({ at }) => seconds(at, releasedAt)),
      incidents: [...incidents.values()],
      said: said.map(({ at, text }) => `${seconds(at, releasedAt)} ${text}`),
    };
  } finally {
    guard.stop();
    await cluster.stop();
  }
}

function seconds(at: number, fromAt: number): number {
  return Math.round((at - fromAt) / 100) / 10;
}

/** What is not as a careful person on call would want it; undefined when all is. */
export function complaintAbout(story: FieldStory, { rollbacks, incidents }: Played): string | undefined {
  const { want, withinSeconds = Number.POSITIVE_INFINITY, reason, ends } = story;
  const [rollback] = rollbacks;
  const [incident] = incidents;
  const last = incidents.at(-1);
  const lastPhase = last && phaseOf(last);
  if (rollback === undefined) {
    if (want === "rollback") return incident ? "no rollback" : "missed";
    if (want === "incident" && !incident) return "no Incident";
    if (want === "nothing" && incident) return "a false alarm";
  } else {
    if (want !== "rollback") return "a wrong rollback";
    if (rollback > withinSeconds) return `late: ${rollback} s`;
    if (rollbacks.length !== (story.rollbacks ?? 1)) return `${rollbacks.length} rollbacks`;
    if (lastPhase !== (ends ?? "Recovered")) return `the Incident ends as ${lastPhase}`;
  }
  if (reason !== undefined && incident?.spec.reason !== reason) return `because of ${incident?.spec.reason}`;
  if (ends !== undefined && lastPhase !== ends) return `the Incident ends as ${lastPhase}`;
  return undefined;
}
