// A Deployment with its ReplicaSets, as the API has them now.
import type { Deployment, ReplicaSet } from "../../api-server/kinds.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
import type { Claims } from "../claims.ts";
import { olderFirst } from "./replica-counts.ts";
import { findNewSet } from "./revisions.ts";

/** A Deployment and its ReplicaSets, each of them the version that was current at one moment. */
export interface DeploymentView {
  readonly deployment: Deployment;
  /** The one that runs the Deployment's template; undefined until it is made. */
  readonly newSet: ReplicaSet | undefined;
  readonly oldSets: readonly ReplicaSet[];
  /** The new one and the old ones, oldest first. */
  readonly all: readonly ReplicaSet[];
}

/** Reads the Deployment and its ReplicaSets anew: a pass sees its own writes. */
export type ViewOf = (deployment: Deployment) => DeploymentView;

/** Makes the function that reads a Deployment; ReplicaSets that are being deleted still count, as in Kubernetes. */
export function createViewOf(objects: ApiObjects, claims: Claims<"replicasets">): ViewOf {
  return (deployment) => {
    const { namespace = "", name } = deployment.metadata;
    const current = objects.get("deployments", namespace, name) ?? deployment;
    const all = claims.claimed(current).sort(olderFirst);
    const newSet = findNewSet(current, all);
    return { deployment: current, newSet, oldSets: all.filter((set) => set !== newSet), all };
  };
}
