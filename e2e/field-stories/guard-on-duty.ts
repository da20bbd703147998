// The operator of a story: the caches, `observe` and `decide` of production, and what they decide is done in the store of the
// cluster. Watches, requests and second looks are the business of other tests.
import type { SimulatedCluster } from "@rolloutguard/simulated-cluster";
import type { KubeObject } from "@rolloutguard/simulated-cluster/objects";
import { API_VERSION, INCIDENT_KIND } from "../../src/api/group.ts";
import { RecordedAnswers } from "../../src/cli/commands/replay/recorded-answers.ts";
import { decide } from "../../src/domain/decide.ts";
import type { Decision } from "../../src/domain/decision.ts";
import type { PauseOrResume, RestoreTemplate } from "../../src/domain/effects/change.ts";
import type { Effect } from "../../src/domain/effects/effect.ts";
import { withAnswers } from "../../src/domain/questions/with-answers.ts";
import { Caches } from "../../src/kube/caches/caches.ts";
import type { JsonPatchOperation } from "../../src/kube/json-patch.ts";
import type { RawObject } from "../../src/kube/objects.ts";
import { observe } from "../../src/kube/observe.ts";
import { parseReconcileKey, type ReconcileKey } from "../../src/kube/reconcile-key.ts";
import { RESOURCES, type ResourceName } from "../../src/kube/resources.ts";
import { applyJsonPatch } from "../../src/kube/testing/apply-json-patch.ts";
import { pauseOperations } from "../../src/kube/writes/pause-or-resume.ts";
import { rollbackOperations } from "../../src/kube/writes/roll-back.ts";

/** Clusters serve slices; Endpoints are for those that do not. */
const WATCHED = (Object.keys(RESOURCES) as ResourceName[]).filter((name) => name !== "endpoints");
/** From a change to the pass that sees it (ms). */
const REACTS_AFTER_MS = 100;
/** More passes than any chain of transitions has. */
const PASS_LIMIT = 12;

/** A change of the Deployment that was decided. */
export interface Act {
  readonly at: number;
  readonly change: RestoreTemplate | PauseOrResume;
}

export class GuardOnDuty {
  readonly acts: Act[] = [];
  /** Called with each decision. */
  onDecision: (decision: Decision) => void = () => {};
  readonly #cluster: SimulatedCluster;
  readonly #namespace: string;
  readonly #key: ReconcileKey;
  readonly #endWatches: (() => void)[] = [];
  #caches = new Caches();
  #answers = new RecordedAnswers([], this.#caches);
  #cancelPass = (): void => {};
  #passAt = Number.POSITIVE_INFINITY;

  constructor(cluster: SimulatedCluster, key: ReconcileKey) {
    this.#cluster = cluster;
    this.#key = key;
    this.#namespace = parseReconcileKey(key).namespace;
    this.start();
  }

  /** The process starts, and knows nothing but what the cluster tells. */
  start(): void {
    const { store } = this.#cluster;
    this.stop();
    this.#caches = new Caches();
    this.#answers = new RecordedAnswers([], this.#caches);
    for (const resource of WATCHED) {
      for (const object of store.values(resource)) this.#take(resource, "ADDED", object);
      this.#endWatches.push(
        store.subscribe(resource, ({ type, object }) => {
          this.#take(resource, type, object);
          this.#passSoon(this.#cluster.now() + REACTS_AFTER_MS);
        }),
      );
    }
    this.#passSoon(this.#cluster.now() + REACTS_AFTER_MS);
  }

  /** The process is not there. */
  stop(): void {
    for (const end of this.#endWatches.splice(0)) end();
    this.#cancelPass();
    this.#passAt = Number.POSITIVE_INFINITY;
  }

  #take(resource: ResourceName, type: "ADDED" | "MODIFIED" | "DELETED", object: KubeObject): void {
    const raw = object as unknown as RawObject;
    if (resource === "events") this.#answers.take(type, raw);
    if (resource === "events" && raw["type"] !== "Warning") return;
    this.#caches.apply(resource, type, raw, this.#cluster.now());
  }

  #passSoon(at: number): void {
    if (at >= this.#passAt) return;
    this.#cancelPass();
    this.#passAt = at;
    this.#cancelPass = this.#cluster.time.at(at, () => {
      this.#passAt = Number.POSITIVE_INFINITY;
      this.#pass();
    });
  }

  /** Decides until nothing is left to do; a change ends the pass. */
  #pass(): void {
    const now = this.#cluster.now();
    for (let passes = 0; passes < PASS_LIMIT; passes += 1) {
      const observed = observe(this.#caches, this.#key, { observeOnly: false });
      if (observed === undefined) return;
      const snapshot = withAnswers(observed, this.#answers.known);
      const decision = decide(snapshot, now);
      this.onDecision(decision);
      const isAnswered = this.#answers.ask(decision.questions, snapshot, now);
      let isNews = isAnswered;
      for (const effect of decision.effects) {
        isNews = this.#do(effect, now) || isNews;
        if (effect.class === "change") break;
      }
      this.#passSoon(Math.min(decision.wakeAt ?? Infinity, this.#answers.nextAt(now) ?? Infinity));
      if (!isNews) return;
    }
    throw new Error("the guard does not come to rest");
  }

  /** Whether the effect changed anything. */
  #do(effect: Effect, now: number): boolean {
    const { store } = this.#cluster;
    const namespace = this.#namespace;
    switch (effect.type) {
      case "updateGuardStatus": {
        const { guard } = parseReconcileKey(this.#key);
        store.patch("rolloutguards", namespace, guard, { status: null }, "status");
        store.patch("rolloutguards", namespace, guard, { status: effect.status }, "status");
        return true;
      }
      case "openIncident": {
        const { name, spec } = effect;
        store.create("incidents", namespace, {
          apiVersion: API_VERSION,
          kind: INCIDENT_KIND,
          metadata: { name, namespace },
          spec,
        });
        return true;
      }
      case "updateIncident": {
        const incident = store.get("incidents", namespace, effect.name);
        if (incident) store.updateStatus("incidents", { ...incident, status: effect.status } as KubeObject);
        return true;
      }
      case "deleteIncident":
        return store.delete("incidents", namespace, effect.name);
      case "change":
        this.#change(effect.change, now);
        return true;
      case "publishEvent":
      case "handOverFields":
        return false;
    }
  }

  #change(change: RestoreTemplate | PauseOrResume, now: number): void {
    const { store } = this.#cluster;
    const workload = store.get("deployments", this.#namespace, change.on.name);
    if (workload === undefined) return;
    const raw = workload as unknown as RawObject;
    const sources = store.list("replicasets", this.#namespace) as unknown as readonly RawObject[];
    const operations: readonly JsonPatchOperation[] =
      change.do === "restoreTemplate"
        ? rollbackOperations(change, { kind: change.on.kind, workload: raw, sources }, now)
        : pauseOperations(change, raw);
    this.acts.push({ at: now, change });
    store.update("deployments", applyJsonPatch(raw, operations) as KubeObject);
  }
}
