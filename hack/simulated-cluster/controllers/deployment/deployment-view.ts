// A Deployment with its ReplicaSets, as the API has them now.
import type { Deployment, ReplicaSet } from "../../api-server/kinds.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
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

/** The ReplicaSets that the Deployment owns and that are not being deleted. */
export function ownedSets(objects: ApiObjects, { metadata: { uid } }: Deployment): ReplicaSet[] {
  return objects
    .ownedBy("replicasets", uid)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** Reads the Deployment and its ReplicaSets anew: a pass sees its own writes. */
export function viewOf(objects: ApiObjects, deployment: Deployment): DeploymentView {
  const { namespace = "", name } = deployment.metadata;
  const current = objects.get("deployments", namespace, name) ?? deployment;
  const all = ownedSets(objects, current).sort(olderFirst);
  const newSet = findNewSet(current, all);
  return { deployment: current, newSet, oldSets: all.filter((set) => set !== newSet), all };
}
