// What really happened, as the cluster itself saw it: the truth against which the operators are held.
import { createHash, type Hash } from "node:crypto";
import type { ApiRequest, Change, SimulatedCluster } from "@rolloutguard/simulated-cluster";
import type { Deployment, EndpointSlice, PodTemplate } from "@rolloutguard/simulated-cluster/objects";
import { ANNOTATIONS } from "../../src/api/group.ts";
import {
  type IncidentPhase,
  type IncidentSpec,
  type IncidentStatus,
  phaseOf,
} from "../../src/api/incident.ts";
import type { RolloutGuardStatus } from "../../src/api/rollout-guard.ts";
import { ADMITTED_ANNOTATION, ADMITTED_CONTAINER } from "./plan/meddlers.ts";

/** Who changed something: a person, by the plan, a GitOps engine that puts back what people shipped, or an operator. */
export type Actor = "people" | "engine" | "operator";

/** One thing that happened to an application, `atMs` after the beginning. */
export type Entry = { readonly atMs: number } & (
  | {
      readonly is: "template";
      readonly by: Actor;
      /** The tag of the version, from the image; with "+restart" after a restart. */
      readonly tag: string;
      readonly template: string;
      readonly isNew: boolean;
    }
  /** A rollback was accepted, whatever has become of the template. */
  | { readonly is: "patched"; readonly incident: string }
  /** Admission changed the template at an update that left it alone: Kubernetes rolls it out once more. */
  | { readonly is: "admitted" }
  | { readonly is: "deploymentDeleted" }
  | { readonly is: "paused"; readonly isPaused: boolean; readonly by: Actor }
  | { readonly is: "veto"; readonly isSet: boolean }
  | { readonly is: "scaled"; readonly replicas: number }
  /** All pods are of the present template and available, or no longer so. */
  | { readonly is: "complete"; readonly isComplete: boolean; readonly tag: string }
  /** So many endpoints of the Service of the same name are ready from now on. */
  | { readonly is: "endpoints"; readonly ready: number }
  | { readonly is: "guardCreated" | "guardDeleted"; readonly uid: string }
  | { readonly is: "guard"; readonly status: RolloutGuardStatus }
  | {
      readonly is: "incident";
      readonly name: string;
      readonly guardUid: string;
      readonly phase: IncidentPhase | "deleted";
      readonly spec: IncidentSpec;
      readonly status: IncidentStatus | undefined;
    }
  | { readonly is: "step"; readonly what: string }
  | { readonly is: "log"; readonly operator: string; readonly level: string; readonly message: string }
);

/** Something that concerns all. */
export interface WorldEntry {
  readonly atMs: number;
  readonly what: string;
}

/** From when to when an operator ran; undefined: it still does. */
export interface Lifetime {
  readonly operator: string;
  readonly fromMs: number;
  readonly toMs: number | undefined;
}

/** What an operator counts of the rollbacks since it started. */
export interface Figures {
  readonly sent: number;
  /** In whatever way. */
  readonly ended: number;
  readonly inProgress: number;
}

/** The figures of an operator at a moment. */
export interface Sample extends Figures {
  readonly atMs: number;
  readonly operator: string;
}

/** The write that restores a template: a pause and fields that are handed over are patches of a Deployment too. */
export const ROLLBACK = "roll back deployments";

/** A write of an operator, when the API server got it. */
export interface OperatorWrite {
  readonly atMs: number;
  readonly port: number;
  /** As "patch incidents/status", or {@link ROLLBACK}. */
  readonly write: string;
  readonly namespace: string;
  readonly name: string;
}

export class Chronicle {
  readonly entries = new Map<string, Entry[]>();
  readonly world: WorldEntry[] = [];
  readonly writes: OperatorWrite[] = [];
  readonly samples: Sample[] = [];
  /** Who writes at this moment within the process; undefined: whatever comes over the wire. */
  actor: Actor | undefined;
  requests = 0;
  /** What must never happen, whatever is done: a process that ends by itself. */
  readonly faults: string[] = [];
  readonly #cluster: SimulatedCluster;
  /** The cluster's time at the beginning (epoch ms). */
  readonly startAt: number;
  readonly #lifetimes = new Map<string, Lifetime>();
  readonly #hash: Hash = createHash("sha256");

  constructor(cluster: SimulatedCluster) {
    this.#cluster = cluster;
    this.startAt = cluster.now();
    const { store } = cluster;
    store.subscribe("deployments", (change) => this.#deployment(change));
    store.subscribe("endpointslices", (change) => this.#endpoints(change));
    store.subscribe("rolloutguards", (change) => this.#guard(change));
    store.subscribe("incidents", (change) => this.#incident(change));
    store.subscribe(undefined, ({ type, resource, object }) => {
      const { namespace, name, resourceVersion } = object.metadata;
      this.#digest(`${type} ${resource.id} ${namespace}/${name} ${resourceVersion}`);
    });
    cluster.onRequest((request) => {
      this.#request(request);
      return undefined;
    });
  }

  nowMs(): number {
    return this.#cluster.now() - this.startAt;
  }

  /** A text that is the same for two runs only if all that happened is the same. */
  digest(): string {
    return this.#hash.copy().digest("hex").slice(0, 16);
  }

  /** Carries out what a person does, or a GitOps engine. */
  by(actor: Exclude<Actor, "operator">, act: () => void): void {
    this.actor = actor;
    try {
      act();
    } finally {
      this.actor = undefined;
    }
  }

  /** A person does something. */
  reportStep(key: string, what: string): void {
    this.#add(key, { atMs: this.nowMs(), is: "step", what });
  }

  /** An operator says something, about a guard or of what goes wrong for all. */
  reportLog(guard: string | undefined, operator: string, level: string, message: string): void {
    if (guard !== undefined) this.#add(guard, { atMs: this.nowMs(), is: "log", operator, level, message });
    else if (level !== "info") this.reportWorld(`operator ${operator}: ${level}: ${message}`);
  }

  reportWorld(what: string): void {
    this.world.push({ atMs: this.nowMs(), what });
  }

  tellFigures(operator: string, figures: Figures): void {
    this.samples.push({ ...figures, operator, atMs: this.nowMs() });
  }

  /** An operator starts; each has a name of its own. */
  operatorStarts(operator: string): void {
    this.#lifetimes.set(operator, { operator, fromMs: this.nowMs(), toMs: undefined });
  }

  operatorEnds(operator: string): void {
    const lifetime = this.#lifetimes.get(operator);
    if (lifetime !== undefined) this.#lifetimes.set(operator, { ...lifetime, toMs: this.nowMs() });
  }

  /** In the order of their beginnings. */
  get lifetimes(): readonly Lifetime[] {
    return [...this.#lifetimes.values()];
  }

  fault(what: string): void {
    this.faults.push(`${(this.nowMs() / 1_000).toFixed(1)} s: ${what}`);
  }

  #add(key: string, entry: Entry): void {
    const entries = this.entries.get(key);
    if (entries === undefined) this.entries.set(key, [entry]);
    else entries.push(entry);
  }

  #digest(what: string): void {
    this.#hash.update(`${this.nowMs()} ${what}\n`);
  }

  #request({ verb, target, path, remotePort, query, body }: ApiRequest): void {
    this.requests += 1;
    this.#digest(`${remotePort} ${verb} ${path} ${query.toString()}`);
    if (target === undefined || ["get", "list", "watch"].includes(verb)) return;
    const { resource, subresource, namespace, name } = target;
    const isRollback = verb === "patch" && resource === "deployments" && body.includes("/spec/template");
    const write = isRollback ? ROLLBACK : `${verb} ${resource}${subresource ? `/${subresource}` : ""}`;
    this.writes.push({ atMs: this.nowMs(), port: remotePort, write, namespace, name });
  }

  #deployment({ type, object, previous }: Change): void {
    const now = object as Deployment;
    const before = previous as Deployment | undefined;
    const key = keyOf(object.metadata);
    const atMs = this.nowMs();
    if (type === "DELETED") {
      this.#add(key, { atMs, is: "deploymentDeleted" });
      return;
    }
    const template = canonical(asShipped(now.spec.template));
    if (before === undefined || template !== canonical(asShipped(before.spec.template))) {
      const by = this.actor ?? "operator";
      this.#add(key, { atMs, is: "template", by, tag: tagOf(now.spec.template), template, isNew: !before });
    } else if (canonical(now.spec.template) !== canonical(before.spec.template)) {
      this.#add(key, { atMs, is: "admitted" });
    }
    const patched = rollbackOf(now);
    if (patched !== undefined && patched.at !== rollbackOf(before)?.at)
      this.#add(key, { atMs, is: "patched", incident: patched.incident });
    if (before?.spec.replicas !== now.spec.replicas)
      this.#add(key, { atMs, is: "scaled", replicas: now.spec.replicas ?? 1 });
    if (Boolean(before?.spec.paused) !== Boolean(now.spec.paused))
      this.#add(key, {
        atMs,
        is: "paused",
        isPaused: Boolean(now.spec.paused),
        by: this.actor ?? "operator",
      });
    const hasVeto = (deployment?: Deployment): boolean =>
      deployment?.metadata.annotations?.[ANNOTATIONS.veto] !== undefined;
    if (hasVeto(before) !== hasVeto(now)) this.#add(key, { atMs, is: "veto", isSet: hasVeto(now) });
    if (isComplete(now) !== (before !== undefined && isComplete(before))) {
      const tag = tagOf(now.spec.template);
      this.#add(key, { atMs, is: "complete", isComplete: isComplete(now), tag });
    }
  }

  #endpoints({ type, object, previous }: Change): void {
    const readyIn = (slice: EndpointSlice | undefined): number =>
      (slice?.endpoints ?? []).filter(({ conditions }) => conditions.ready).length;
    const ready = type === "DELETED" ? 0 : readyIn(object as EndpointSlice);
    if (type === "MODIFIED" && ready === readyIn(previous as EndpointSlice | undefined)) return;
    const { namespace, labels } = object.metadata;
    const name = labels?.["kubernetes.io/service-name"];
    if (name !== undefined)
      this.#add(keyOf({ namespace, name }), { atMs: this.nowMs(), is: "endpoints", ready });
  }

  #guard({ type, object }: Change): void {
    const key = keyOf(object.metadata);
    const { uid } = object.metadata;
    const atMs = this.nowMs();
    if (type === "DELETED") {
      this.#add(key, { atMs, is: "guardDeleted", uid });
      return;
    }
    if (type === "ADDED") this.#add(key, { atMs, is: "guardCreated", uid });
    if (object.status !== undefined)
      this.#add(key, { atMs, is: "guard", status: object.status as RolloutGuardStatus });
  }

  #incident({ type, object }: Change): void {
    const spec = object.spec as IncidentSpec;
    const status = object.status as IncidentStatus | undefined;
    const phase = type === "DELETED" ? "deleted" : phaseOf({ spec, status });
    const { name, namespace } = object.metadata;
    const guardUid = spec.guard?.uid ?? "";
    const entry: Entry = { atMs: this.nowMs(), is: "incident", name, guardUid, phase, spec, status };
    this.#add(`${namespace}/${spec.target.name}`, entry);
  }
}

function keyOf({ namespace = "", name }: { readonly namespace?: string | undefined; readonly name: string }) {
  return `${namespace}/${name}`;
}

/** The version that a template is of, by its first image, and whether it was restarted. */
function tagOf(template: PodTemplate): string {
  const image = template.spec.containers[0]?.image ?? "";
  return image.slice(image.lastIndexOf(":") + 1);
}

/** The Incident of the last rollback, and when it was made, by the word of the patch itself. */
function rollbackOf(deployment: Deployment | undefined): { incident: string; at: string } | undefined {
  const annotations = deployment?.metadata.annotations;
  const incident = annotations?.[ANNOTATIONS.incident];
  const at = annotations?.[ANNOTATIONS.rolledBackAt];
  return incident === undefined || at === undefined ? undefined : { incident, at };
}

/** Without what admission has added. */
function asShipped({ metadata, spec }: PodTemplate): PodTemplate {
  const containers = spec.containers.filter(({ name }) => name !== ADMITTED_CONTAINER);
  const rest = { spec: { ...spec, containers } };
  const { [ADMITTED_ANNOTATION]: added, ...annotations } = metadata?.annotations ?? {};
  if (metadata === undefined || added === undefined) return { ...rest, ...(metadata && { metadata }) };
  const { annotations: _all, ...others } = metadata;
  const kept = Object.keys(annotations).length > 0 && { annotations };
  return { ...rest, metadata: { ...others, ...kept } };
}

function isComplete({ metadata, spec, status }: Deployment): boolean {
  const wanted = spec.replicas ?? 1;
  // Of pods that share a Lease one is available by design.
  const holdsLease = spec.template.spec.containers.some(({ env }) =>
    env?.some(({ name }) => name === "LEASE"),
  );
  return (
    wanted > 0 &&
    status.observedGeneration === metadata.generation &&
    status.updatedReplicas === wanted &&
    status.replicas === wanted &&
    (status.availableReplicas ?? 0) >= (holdsLease ? 1 : wanted)
  );
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    member !== null && typeof member === "object" && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
