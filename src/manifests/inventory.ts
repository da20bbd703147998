// All manifests of one input, found by what they are and by who belongs to whom.
import { hasLabels, type Labels } from "../domain/labels.ts";
import type { Manifest } from "./manifest.ts";
import { type Service, serviceOf } from "./service.ts";
import { type Workload, workloadOf } from "./workload.ts";

export class Inventory {
  readonly manifests: readonly Manifest[];
  readonly workloads: readonly Workload[];
  readonly services: readonly Service[];
  /** Kinds of which it is certain that all objects are here: a missing one is missing indeed, as in a cluster. */
  readonly #complete: ReadonlySet<string>;
  /** Read from a cluster: of kinds that are not complete nothing is known, and fields are as the API server wrote them. */
  readonly isLive: boolean;

  constructor(manifests: readonly Manifest[], complete?: Iterable<string>) {
    this.manifests = manifests;
    this.workloads = manifests.flatMap((manifest) => workloadOf(manifest) ?? []);
    this.services = manifests.flatMap((manifest) => serviceOf(manifest) ?? []);
    this.#complete = new Set(complete);
    this.isLive = complete !== undefined;
  }

  isComplete(kind: string): boolean {
    return this.#complete.has(kind);
  }

  /** Objects of a kind, such as "ConfigMap" of the core group. */
  ofKind(group: string, kind: string): readonly Manifest[] {
    return this.manifests.filter((manifest) => manifest.group === group && manifest.kind === kind);
  }

  /** The workloads whose pods the Service selects; those that run to an end are not meant. */
  servedBy({ manifest, selector }: Service): readonly Workload[] {
    return this.workloads.filter(
      (workload) => !workload.isBatch && isBeside(workload, manifest) && podsHave(workload, selector),
    );
  }

  /** The Services that select the workload's pods. */
  servicesOf(workload: Workload): readonly Service[] {
    if (workload.isBatch) return [];
    return this.services.filter(
      ({ manifest, selector }) => isBeside(workload, manifest) && podsHave(workload, selector),
    );
  }

  /** The workloads that stand beside the object. */
  workloadsBeside(manifest: Manifest): readonly Workload[] {
    return this.workloads.filter((workload) => isBeside(workload, manifest));
  }
}

function isBeside(workload: Workload, manifest: Manifest): boolean {
  return workload.manifest.scope === manifest.scope;
}

const POD_NAME = "statefulset.kubernetes.io/pod-name";
const POD_INDEX = "apps.kubernetes.io/pod-index";

/** Pods of a StatefulSet also have labels of their own: each its name and its number. */
function podsHave({ manifest, labels }: Workload, selector: Labels): boolean {
  const { [POD_NAME]: name, [POD_INDEX]: index, ...rest } = selector;
  if (manifest.kind !== "StatefulSet") return hasLabels(labels, selector);
  const isOfSet = name === undefined || name.replace(/-\d+$/, "") === manifest.name;
  return isOfSet && (index === undefined || /^\d+$/.test(index)) && hasLabels(labels, rest);
}
