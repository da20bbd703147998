// Which Services select which workloads, without comparing each with each: a namespace can hold thousands of both.
import { hasLabels, type Labels } from "../domain/labels.ts";
import type { Service } from "./service.ts";
import type { Workload } from "./workload.ts";

export class ServiceIndex {
  /** Workloads by scope and by one label. */
  readonly #byLabel = new Map<string, Workload[]>();
  readonly #services: readonly Service[];
  #serving: ReadonlyMap<Workload, readonly Service[]> | undefined;

  constructor(workloads: readonly Workload[], services: readonly Service[]) {
    this.#services = services;
    for (const workload of workloads) {
      for (const key of ["", ...Object.entries(workload.labels).map(pairText)]) {
        const where = keyOf(workload.manifest.scope, key);
        const there = this.#byLabel.get(where);
        if (there) there.push(workload);
        else this.#byLabel.set(where, [workload]);
      }
    }
  }

  servedBy({ manifest, selector }: Service): readonly Workload[] {
    const { [POD_NAME]: _name, [POD_INDEX]: _index, ...rest } = selector;
    return this.withOneOf(manifest.scope, rest).filter(
      (workload) => !workload.isBatch && podsHave(workload, selector),
    );
  }

  /** The workloads of the scope that have the first of the labels; all of them when there are none. */
  withOneOf(scope: string, labels: Labels): readonly Workload[] {
    const [pair] = Object.entries(labels);
    return this.#byLabel.get(keyOf(scope, pair ? pairText(pair) : "")) ?? [];
  }

  servicesOf(workload: Workload): readonly Service[] {
    this.#serving ??= this.#allServing();
    return this.#serving.get(workload) ?? [];
  }

  #allServing(): ReadonlyMap<Workload, readonly Service[]> {
    const serving = new Map<Workload, Service[]>();
    for (const service of this.#services) {
      for (const workload of this.servedBy(service)) {
        const services = serving.get(workload);
        if (services) services.push(service);
        else serving.set(workload, [service]);
      }
    }
    return serving;
  }
}

function keyOf(scope: string, pair: string): string {
  return JSON.stringify([scope, pair]);
}

function pairText([key, value]: readonly [string, string]): string {
  return `${key}=${value}`;
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
