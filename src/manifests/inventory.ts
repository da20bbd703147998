// All manifests of one input, found by what they are and by who belongs to whom.
import type { Field } from "./field.ts";
import { selects } from "./label-selector.ts";
import type { Manifest } from "./manifest.ts";
import { type Service, serviceOf } from "./service.ts";
import { ServiceIndex } from "./service-index.ts";
import { type Workload, workloadOf } from "./workload.ts";

export class Inventory {
  readonly manifests: readonly Manifest[];
  readonly workloads: readonly Workload[];
  readonly services: readonly Service[];
  readonly #index: ServiceIndex;
  readonly #byKind: ReadonlyMap<string, readonly Manifest[]>;
  readonly #byScope: ReadonlyMap<string, readonly Manifest[]>;
  readonly #byName: ReadonlyMap<string, readonly Manifest[]>;
  readonly #workloadsByName: ReadonlyMap<string, readonly Workload[]>;
  /** Kinds of which it is certain that all objects are here: a missing one is missing indeed, as in a cluster. */
  readonly #complete: ReadonlySet<string>;
  /** Read from a cluster: of kinds that are not complete nothing is known, and fields are as the API server wrote them. */
  readonly isLive: boolean;

  constructor(manifests: readonly Manifest[], complete?: Iterable<string>) {
    this.manifests = manifests;
    this.workloads = manifests.flatMap((manifest) => workloadOf(manifest) ?? []);
    this.services = manifests.flatMap((manifest) => serviceOf(manifest) ?? []);
    this.#index = new ServiceIndex(this.workloads, this.services);
    this.#byKind = Map.groupBy(manifests, ({ group, kind }) => `${group}/${kind}`);
    this.#byScope = Map.groupBy(manifests, ({ group, kind, scope }) => `${group}/${kind}/${scope}`);
    this.#byName = Map.groupBy(
      manifests,
      ({ group, kind, scope, name }) => `${group}/${kind}/${name}/${scope}`,
    );
    this.#workloadsByName = Map.groupBy(this.workloads, nameOf);
    this.#complete = new Set(complete);
    this.isLive = complete !== undefined;
  }

  isComplete(kind: string): boolean {
    return this.#complete.has(kind);
  }

  /** Objects of a kind, such as "ConfigMap" of the core group. */
  ofKind(group: string, kind: string): readonly Manifest[] {
    return this.#byKind.get(`${group}/${kind}`) ?? [];
  }

  /** Objects of a kind in a scope. */
  inScope(scope: string, group: string, kind: string): readonly Manifest[] {
    return this.#byScope.get(`${group}/${kind}/${scope}`) ?? [];
  }

  find(scope: string, group: string, kind: string, name: string | undefined): Manifest | undefined {
    return this.#byName.get(`${group}/${kind}/${name}/${scope}`)?.[0];
  }

  /** The workloads whose pods the Service selects; those that run to an end are not meant. */
  servedBy(service: Service): readonly Workload[] {
    return this.#index.servedBy(service);
  }

  /** The Services that select the workload's pods. */
  servicesOf(workload: Workload): readonly Service[] {
    return this.#index.servicesOf(workload);
  }

  /** The workloads beside the object whose pods the selector takes. */
  selectedBy(selector: Field, { scope }: Manifest): readonly Workload[] {
    return this.#index
      .withOneOf(scope, selector.at("matchLabels").texts())
      .filter(({ labels }) => selects(selector, labels));
  }

  /** The workloads that stand beside the object. */
  otherWorkloads({ scope }: Manifest): readonly Workload[] {
    return this.#index.withOneOf(scope, {});
  }

  /** The same object for other environments. */
  twinsOf(workload: Workload): readonly Workload[] {
    const { scope } = workload.manifest;
    const named = this.#workloadsByName.get(nameOf(workload)) ?? [];
    return named.filter(({ manifest }) => manifest.scope !== scope);
  }
}

function nameOf({ manifest }: Workload): string {
  return `${manifest.kind}/${manifest.name}`;
}
