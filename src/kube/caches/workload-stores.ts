// Workloads and their revisions in the caches, of whatever kind they are.
import type { RevisionView } from "../../domain/snapshot/revision.ts";
import type { WorkloadView } from "../../domain/snapshot/workload.ts";
import type { Target } from "../reconcile-key.ts";
import { RESOURCES, type RevisionResource, type WorkloadResource } from "../resources.ts";
import type { OwnedRevision, RevisionOwner } from "../workloads/owned-revision.ts";
import { portOf, REVISION_RESOURCES, WORKLOAD_RESOURCES } from "../workloads/ports-by-kind.ts";
import { ObjectStore } from "./object-store.ts";
import { uidKey } from "./uid-key.ts";

type WorkloadStore = ObjectStore<WorkloadView>;
type RevisionStore = ObjectStore<OwnedRevision, "owner" | "id">;

/** A store for each resource, and the questions that are asked of all of them. */
export class WorkloadStores {
  readonly workloads: Readonly<Record<WorkloadResource, WorkloadStore>> = storesOf(
    WORKLOAD_RESOURCES,
    () => new ObjectStore({}),
  );
  readonly revisions: Readonly<Record<RevisionResource, RevisionStore>> = storesOf(
    REVISION_RESOURCES,
    () =>
      new ObjectStore({
        owner: ({ owner }, namespace) => ownerKey(namespace, owner),
        id: ({ view }, namespace) => uidKey(namespace, view.id),
      }),
  );

  get(namespace: string, target: Target): WorkloadView | undefined {
    return this.workloads[portOf(target).resource].get(namespace, target.name);
  }

  /** The revisions of the workload, in no particular order. */
  ownedBy(namespace: string, owner: Pick<RevisionOwner, "kind" | "uid">): Iterable<OwnedRevision> {
    return this.revisions[portOf(owner).revisionResource].by("owner", ownerKey(namespace, owner));
  }

  /** The views of the same, by the names of the objects that hold them. */
  revisionsOf(namespace: string, owner: Pick<RevisionOwner, "kind" | "uid">): RevisionView[] {
    return Array.from(this.ownedBy(namespace, owner), ({ view }) => view).sort((a, b) =>
      a.source.name < b.source.name ? -1 : 1,
    );
  }

  /** The workloads that have a revision of that id. */
  *ownersOf(namespace: string, revisionId: string): Generator<RevisionOwner> {
    for (const resource of REVISION_RESOURCES) {
      for (const { owner } of this.revisions[resource].by("id", uidKey(namespace, revisionId))) yield owner;
    }
  }

  /** The revision that the object of that kind and name holds. */
  heldBy(namespace: string, kind: string, name: string): OwnedRevision | undefined {
    const resource = REVISION_RESOURCES.find((one) => RESOURCES[one].kind === kind);
    return resource && this.revisions[resource].get(namespace, name);
  }

  /** All revisions in the namespace. */
  *revisionsIn(namespace: string): Generator<OwnedRevision> {
    for (const resource of REVISION_RESOURCES) {
      const store = this.revisions[resource];
      for (const [, name] of store.names(namespace)) {
        const revision = store.get(namespace, name);
        if (revision !== undefined) yield revision;
      }
    }
  }
}

function storesOf<Name extends string, Store>(
  resources: readonly Name[],
  create: () => Store,
): Readonly<Record<Name, Store>> {
  return Object.fromEntries(resources.map((resource) => [resource, create()])) as Record<Name, Store>;
}

/** uids are unique among all objects, but what an owner reference says can be anything. */
function ownerKey(namespace: string, { kind, uid }: Pick<RevisionOwner, "kind" | "uid">): string {
  return `${uidKey(namespace, uid)} ${kind}`;
}
