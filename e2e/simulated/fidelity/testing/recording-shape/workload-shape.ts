// What Deployments and their ReplicaSets go through: conditions, counts and annotations over time.
import type { Deployment, KubeObject, ReplicaSet } from "@rolloutguard/simulated-cluster/objects";
import type { RecordedChange } from "../recording.ts";
import { ofResource, stepByStep, withoutNames, withoutRepetition } from "./changes.ts";

/** The availability of a crash loop comes and goes. */
const MAX_STATES = 4;

/** Each condition of the Deployment by its type, in the order of its states. */
export function conditionSequences(changes: readonly RecordedChange[]): Record<string, readonly string[]> {
  const states = ofResource<Deployment>(changes, "deployments").map(({ status }) => status.conditions ?? []);
  const types = [...new Set(states.flat().map(({ type }) => type))].sort();
  const entries = types.map((type) => {
    const texts = states.map((conditions) => {
      const found = conditions.find((condition) => condition.type === type);
      return found ? `${found.status} ${found.reason}: ${withoutNames(found.message ?? "")}` : "none";
    });
    return [type, withoutRepetition(texts).slice(0, MAX_STATES)] as const;
  });
  return Object.fromEntries(entries);
}

/** The annotations that controllers set on the Deployment, over time. */
export function deploymentAnnotations(changes: readonly RecordedChange[]): string[] {
  return withoutRepetition(ofResource<Deployment>(changes, "deployments").map(controllerAnnotations));
}

/** The Deployment's counts at the end. */
export function lastCounts(changes: readonly RecordedChange[]): Record<string, number> {
  const status = ofResource<Deployment>(changes, "deployments").at(-1)?.status ?? {};
  const entries = Object.entries(status).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
}

export interface ReplicaSetShape {
  readonly wanted: string;
  readonly made: string;
  readonly ready: string;
  readonly available: string;
  readonly annotations: readonly string[];
}

/** Each ReplicaSet in the order of creation: its counts over time, and the annotations that its controller set. */
export function replicaSetSequences(
  before: readonly RecordedChange[],
  after: readonly RecordedChange[],
): readonly ReplicaSetShape[] {
  const known = ofResource<ReplicaSet>([...before, ...after], "replicasets");
  const uids = [...new Set(known.map(({ metadata }) => metadata.uid))];
  const age = (uid: string) =>
    known.find(({ metadata }) => metadata.uid === uid)?.metadata.creationTimestamp ?? "";
  return uids
    .sort((a, b) => age(a).localeCompare(age(b)))
    .map((uid) => {
      const of = (changes: readonly RecordedChange[]) =>
        ofResource<ReplicaSet>(changes, "replicasets").filter(({ metadata }) => metadata.uid === uid);
      const states = [...of(before).slice(-1), ...of(after)];
      const steps = (count: (set: ReplicaSet) => number | undefined) =>
        stepByStep(states.map((set) => count(set) ?? 0));
      return {
        wanted: steps(({ spec }) => spec.replicas),
        made: steps(({ status }) => status.replicas),
        ready: steps(({ status }) => status.readyReplicas),
        available: steps(({ status }) => status.availableReplicas),
        annotations: withoutRepetition(states.map(controllerAnnotations)),
      };
    });
}

function controllerAnnotations({ metadata }: KubeObject): string {
  return Object.entries(metadata.annotations ?? {})
    .filter(([key]) => key.startsWith("deployment.kubernetes.io/"))
    .map(([key, value]) => `${key.replace("deployment.kubernetes.io/", "")}=${value}`)
    .sort()
    .join(" ");
}
