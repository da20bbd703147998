// What `lint` without -f reads: the objects of a namespace, read from the cluster.

import { Field } from "../../../manifests/field.ts";
import { manifestOf } from "../../../manifests/manifest.ts";
import { type Reference, referencesOf } from "../../../manifests/references/configuration-references.ts";
import { workloadOf } from "../../../manifests/workload.ts";
import { type ClusterAccess, withCluster } from "../../cluster/cluster-access.ts";
import { notFound, withClusterErrors } from "../../cluster/cluster-error.ts";
import type { ClusterFlags } from "../../cluster-flags.ts";
import { CommandError } from "../../exit-codes.ts";
import type { ReadManifests } from "./read-manifests.ts";

interface ReadLive extends ReadManifests {
  /** Kinds of which everything was read. */
  readonly complete: readonly string[];
}

/** Rejects with CommandError when the workloads cannot be read, or `name` is none of the Deployments. */
export async function readLiveManifests(flags: ClusterFlags, name: string | undefined): Promise<ReadLive> {
  return withCluster(flags, (access) => withClusterErrors(access, () => readLive(access, name)));
}

async function readLive(access: ClusterAccess, name: string | undefined): Promise<ReadLive> {
  const { readLintObjects, readConfigurations } = await import("../../../kube/lint-objects.ts");
  const live = await readLintObjects(access.client, access.namespace);
  const manifests = live.objects.flatMap((object) => asManifest(object, access.namespace));
  if (name !== undefined && !manifests.some((one) => one.kind === "Deployment" && one.name === name)) {
    const names = manifests.filter(({ kind }) => kind === "Deployment").map((one) => one.name);
    throw notFound("Deployment", name, access.namespace, names, "it has no Deployments");
  }
  if (manifests.length === 0) {
    await access.namespaceMustExist();
    throw new CommandError(
      `there is nothing to lint in namespace ${access.namespace}: it has no workloads and no Services`,
    );
  }
  const wanted = manifests.flatMap((manifest) => {
    const workload = workloadOf(manifest);
    return workload ? referencesOf(workload) : [];
  });
  const configurations = await readConfigurations(access.client, access.namespace, namesOf(wanted));
  return {
    manifests: [
      ...manifests,
      ...configurations.objects.flatMap((object) => asManifest(object, access.namespace)),
    ],
    problems: [],
    notes: [...live.leftOut, ...configurations.leftOut].map(
      (what) => `${what} are left out: you have no permission to read them`,
    ),
    complete: configurations.readKinds,
  };
}

function namesOf(references: readonly Reference[]): Record<Reference["kind"], readonly string[]> {
  const names = (kind: Reference["kind"]) => [
    ...new Set(references.filter((one) => one.kind === kind).map(({ name }) => name)),
  ];
  return { ConfigMap: names("ConfigMap"), Secret: names("Secret") };
}

function asManifest(object: unknown, namespace: string) {
  const source = `namespace ${namespace}`;
  const origin = { source, placesOf: (paths: readonly unknown[]) => paths.map(() => ({ source })) };
  return manifestOf(new Field(object, origin), namespace) ?? [];
}
