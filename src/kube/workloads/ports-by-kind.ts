// The port of each kind of workload, in one table, and what follows from the table.
import { WORKLOAD_KINDS, type WorkloadKind } from "../../api/workload-kind.ts";
import type { RawObject } from "../objects.ts";
import { RESOURCES, type RevisionResource, type WorkloadResource } from "../resources.ts";
import { deploymentPort } from "./deployment/deployment-port.ts";
import type { OwnedRevision } from "./owned-revision.ts";
import type { WorkloadPort } from "./workload-port.ts";

const PORTS: Readonly<Record<WorkloadKind, WorkloadPort>> = {
  Deployment: deploymentPort,
};

const ALL: readonly WorkloadPort[] = WORKLOAD_KINDS.map((kind) => PORTS[kind]);

/** How workloads of that kind are seen and changed. */
export function portOf({ kind }: { readonly kind: WorkloadKind }): WorkloadPort {
  return PORTS[kind];
}

/** Where workloads are served that a guard can target. */
export const WORKLOAD_RESOURCES: readonly WorkloadResource[] = ALL.map(({ resource }) => resource);

/** Where the objects that hold their revisions are served. */
export const REVISION_RESOURCES: readonly RevisionResource[] = [
  ...new Set(ALL.map(({ revisionResource }) => revisionResource)),
];

/** The kinds of objects whose Events are evidence. */
export const INVOLVED_KINDS: ReadonlySet<string> = new Set(
  [...WORKLOAD_RESOURCES, ...REVISION_RESOURCES, "pods" as const].map((name) => RESOURCES[name].kind),
);

/** How the workloads of that resource are projected. */
export function workloadProjection(resource: WorkloadResource): WorkloadPort["project"] {
  const port = ALL.find((one) => one.resource === resource);
  if (port === undefined) throw new TypeError(`no kind of workload is served as ${resource}`);
  return port.project;
}

/** How the objects of that resource become revisions, whichever of the kinds they belong to. */
export function revisionProjection(resource: RevisionResource): WorkloadPort["projectRevision"] {
  const ports = ALL.filter(({ revisionResource }) => revisionResource === resource);
  return (object, previous) => {
    for (const port of ports) {
      const revision: OwnedRevision | undefined = port.projectRevision(object, previous);
      if (revision !== undefined) return revision;
    }
    return undefined;
  };
}

/** The `id` of the revision of a pod; undefined for a pod that no workload made. */
export function revisionIdOf(pod: RawObject): string | undefined {
  for (const port of ALL) {
    const id = port.revisionIdOf(pod);
    if (id !== undefined) return id;
  }
  return undefined;
}
