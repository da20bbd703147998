// What a scenario sees of its namespace in the mirror, in the words of its expectations.
import {
  type CoreEvent,
  controllerOf,
  type Deployment,
  type EndpointSlice,
  type Pod,
  type ReplicaSet,
} from "@rolloutguard/simulated-cluster/objects";
import {
  type IncidentPhase,
  type IncidentSpec,
  type IncidentStatus,
  phaseOf,
} from "../../../src/api/incident.ts";
import type { RolloutGuardStatus } from "../../../src/api/rollout-guard.ts";
import type { Mirror } from "../../clusters/mirror.ts";

export interface Incident {
  readonly name: string;
  readonly spec: IncidentSpec;
  readonly status: IncidentStatus | undefined;
  readonly phase: IncidentPhase;
}

/** One revision of a Deployment. */
export interface Revision {
  readonly number: number;
  readonly hash: string;
  readonly cause: string | undefined;
  readonly replicaSet: ReplicaSet;
}

export type Sight = ReturnType<typeof lookAt>;

export function lookAt(mirror: Mirror, namespace: string) {
  function deployment(name: string): Deployment {
    const found = mirror.get("deployments", namespace, name);
    if (found === undefined) throw new Error(`there is no Deployment ${namespace}/${name}`);
    return found;
  }

  return {
    deployment,

    guardStatus(name: string): RolloutGuardStatus {
      return (mirror.get("rolloutguards", namespace, name)?.status ?? {}) as RolloutGuardStatus;
    },

    /** The Incidents of the Deployment, the oldest first. */
    incidents(name: string): Incident[] {
      return mirror
        .list("incidents", namespace)
        .map((object) => {
          const facts = {
            spec: object.spec as IncidentSpec,
            status: object.status as IncidentStatus | undefined,
          };
          return { name: object.metadata.name, ...facts, phase: phaseOf(facts) };
        })
        .filter(({ spec }) => spec.target.name === name)
        .sort((a, b) => Date.parse(a.spec.detectedAt) - Date.parse(b.spec.detectedAt));
    },

    /** The revisions of the Deployment, the newest first. */
    history(name: string): Revision[] {
      const { uid } = deployment(name).metadata;
      return mirror
        .list("replicasets", namespace)
        .filter((set) => controllerOf(set)?.uid === uid)
        .map((set) => ({
          number: Number(set.metadata.annotations?.["deployment.kubernetes.io/revision"]),
          hash: set.metadata.labels?.["pod-template-hash"] ?? "",
          cause: set.metadata.annotations?.["kubernetes.io/change-cause"],
          replicaSet: set,
        }))
        .sort((a, b) => b.number - a.number);
    },

    /** The pods of the application that nobody has deleted, oldest first. */
    pods(name: string): Pod[] {
      return mirror
        .list("pods", namespace)
        .filter(({ metadata }) => metadata.labels?.app === name && metadata.deletionTimestamp === undefined);
    },

    readyEndpoints(name: string): number {
      return readyIn(mirror.list("endpointslices", namespace).filter((slice) => serviceOf(slice) === name));
    },

    /** Whether all replicas run the newest template and are available. */
    isComplete(name: string): boolean {
      return isComplete(deployment(name));
    },

    /** The Events about the Deployment that the operator published. */
    eventsOn(name: string): CoreEvent[] {
      return mirror
        .list("events", namespace)
        .filter(({ involvedObject: { kind, name: about } }) => kind === "Deployment" && about === name)
        .filter(({ source }) => source?.component === "rolloutguard");
    },
  };
}

export function isComplete({ metadata, spec, status }: Deployment): boolean {
  if (status?.observedGeneration !== metadata.generation) return false;
  // Zero is not written.
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status ?? {};
  return [updatedReplicas, replicas, availableReplicas].every((count) => count === spec.replicas);
}

export function serviceOf({ metadata }: EndpointSlice): string | undefined {
  return metadata.labels?.["kubernetes.io/service-name"];
}

export function readyIn(slices: readonly EndpointSlice[]): number {
  return slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions.ready)
    .length;
}
