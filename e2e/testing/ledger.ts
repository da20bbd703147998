// What really happened, written down by the cluster itself as it happened: the tests' source of truth.

import type { RequestRecord, SimulatedCluster } from "@rolloutguard/simulated-cluster";
import type { Deployment } from "@rolloutguard/simulated-cluster/objects";
import {
  type IncidentPhase,
  type IncidentSpec,
  type IncidentStatus,
  phaseOf,
} from "../../src/api/incident.ts";

export interface Ledger {
  /** The phases that an Incident went through, in order; that it was deleted is the last of them. */
  phases(namespace: string, incident: string): readonly (IncidentPhase | "deleted")[];
  /** The names of the Incidents that were ever there. */
  incidents(namespace: string): readonly string[];
  /** The images of the first container that the Deployment was told to run, in order. */
  images(namespace: string, deployment: string): readonly string[];
  /** The patches of Deployments that an operator sent, with their answers. */
  rollbacks(namespace?: string): readonly RequestRecord[];
  /** The rollbacks that the API server carried out. */
  acceptedRollbacks(namespace?: string): readonly RequestRecord[];
}

/** Whether a request comes from an operator. */
export function isOperators({ userAgent }: { readonly userAgent: string }): boolean {
  return userAgent.startsWith("rolloutguard/");
}

/** Writes down what happens in the cluster from now on. */
export function keepLedger(cluster: SimulatedCluster): Ledger {
  const phases = new Map<string, (IncidentPhase | "deleted")[]>();
  const images = new Map<string, string[]>();
  cluster.store.subscribe("incidents", ({ type, object }) => {
    const { metadata, spec, status } = object;
    const phase = phaseOf({ spec: spec as IncidentSpec, status: status as IncidentStatus | undefined });
    note(phases, `${metadata.namespace}/${metadata.name}`, type === "DELETED" ? "deleted" : phase);
  });
  cluster.store.subscribe("deployments", ({ object }) => {
    const { metadata, spec } = object as Deployment;
    note(images, `${metadata.namespace}/${metadata.name}`, spec.template.spec.containers[0]?.image ?? "");
  });
  const rollbacks = (namespace?: string): readonly RequestRecord[] =>
    cluster.requests
      .all()
      .filter(
        (request) =>
          isOperators(request) &&
          request.resource === "deployments" &&
          request.patched.includes("/spec/template") &&
          (namespace === undefined || request.namespace === namespace),
      );
  return {
    phases: (namespace, incident) => phases.get(`${namespace}/${incident}`) ?? [],
    incidents: (namespace) =>
      [...phases.keys()]
        .filter((key) => key.startsWith(`${namespace}/`))
        .map((key) => key.split("/")[1] ?? ""),
    images: (namespace, deployment) => images.get(`${namespace}/${deployment}`) ?? [],
    rollbacks,
    acceptedRollbacks: (namespace) => rollbacks(namespace).filter(({ status }) => status === 200),
  };
}

/** Adds what is new to the story of a key. */
function note<T>(stories: Map<string, T[]>, key: string, what: T): void {
  const story = stories.get(key) ?? [];
  if (story.at(-1) !== what) story.push(what);
  stories.set(key, story);
}
