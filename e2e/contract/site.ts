// Where a case plays: a fresh namespace, and short words for requests in it.

import type {
  CoreEvent,
  Deployment,
  KubeObject,
  Pod,
  ReplicaSet,
} from "@rolloutguard/simulated-cluster/objects";
import { type Found, poll } from "../testing/eventually.ts";
import type { Answer, Api, OpenWatch } from "./api.ts";
import { PATHS, type Plural } from "./paths.ts";

export interface List<T> extends Omit<KubeObject, "metadata"> {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly T[];
}

/** How long a case waits for what must come (the cluster's time), and at least (real time). */
const PATIENCE_MS = 150_000;
const SHORTEST_PATIENCE_MS = 30_000;

export class Site {
  readonly api: Api;
  readonly namespace: string;
  readonly #watches: OpenWatch<unknown>[] = [];

  constructor(api: Api, namespace: string) {
    this.api = api;
    this.namespace = namespace;
  }

  /** The path of all objects of a resource in the namespace, of one, or of its subresource. */
  path(plural: Plural, name?: string, subresource?: string): string {
    const parts = [`${PATHS[plural]}/namespaces/${this.namespace}/${plural}`, name, subresource];
    return parts.filter((part) => part !== undefined).join("/");
  }

  /** Creates an object and returns it; throws when it is refused. */
  async create<T = KubeObject>(plural: Plural, manifest: object): Promise<T> {
    return accepted(await this.api.request<T>("POST", this.path(plural), manifest));
  }

  /** An object that is there. */
  async read<T = KubeObject>(plural: Plural, name: string): Promise<T> {
    return accepted(await this.api.request<T>("GET", this.path(plural, name)));
  }

  async list<T = KubeObject>(plural: Plural, query = ""): Promise<List<T>> {
    return accepted(await this.api.request<List<T>>("GET", `${this.path(plural)}?${query}`));
  }

  jsonPatch<T = KubeObject>(path: string, operations: readonly object[]): Promise<Answer<T>> {
    return this.api.request<T>("PATCH", path, operations, "application/json-patch+json");
  }

  /** Changes a Deployment by a strategic merge patch, as `kubectl set`, `scale` and `edit` do. */
  async change(deployment: string, patch: object): Promise<Deployment> {
    const path = this.path("deployments", deployment);
    return accepted(
      await this.api.request<Deployment>("PATCH", path, patch, "application/strategic-merge-patch+json"),
    );
  }

  /** Opens a watch on a resource of the namespace; it is closed with the case. */
  async watch<T = KubeObject>(plural: Plural, query = ""): Promise<OpenWatch<T>> {
    const watch = await this.api.watch<T>(`${this.path(plural)}?watch=true&${query}`);
    this.#watches.push(watch);
    return watch;
  }

  /** What `find` finds, as soon as it finds something. Rejects with `what` when that takes too long. */
  async eventually<T>(
    what: string,
    find: () => Found<T> | Promise<Found<T>>,
    withinMs = PATIENCE_MS,
  ): Promise<T> {
    const endsAt = performance.now() + Math.max(withinMs / this.api.timeScale, SHORTEST_PATIENCE_MS);
    const found = await poll(find, this.api.timeScale > 1 ? 20 : 100, () => performance.now() > endsAt);
    if (found === undefined) throw new Error(`not in time: ${what}`);
    return found;
  }

  deployment(name: string): Promise<Deployment> {
    return this.read<Deployment>("deployments", name);
  }

  /** The ReplicaSets of the namespace, the oldest revision first. */
  async replicaSets(): Promise<readonly ReplicaSet[]> {
    const { items } = await this.list<ReplicaSet>("replicasets");
    return items.toSorted((a, b) => revisionOf(a) - revisionOf(b));
  }

  async pods(query = ""): Promise<readonly Pod[]> {
    return (await this.list<Pod>("pods", query)).items;
  }

  /** The Events about an object, the oldest first. */
  async events(about: string): Promise<readonly CoreEvent[]> {
    const selector = encodeURIComponent(`involvedObject.name=${about}`);
    const { items } = await this.list<CoreEvent>("events", `fieldSelector=${selector}`);
    return items.toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion));
  }

  /** Waits until the controller has seen the newest spec, and it is rolled out. */
  rolledOut(name: string): Promise<Deployment> {
    return this.eventually(`Deployment ${name} is rolled out`, async () => {
      const deployment = await this.deployment(name);
      const { metadata, spec, status } = deployment;
      const { replicas } = spec;
      const counts = [status.replicas, status.updatedReplicas, status.availableReplicas].map((n) => n ?? 0);
      const isDone = status.observedGeneration === metadata.generation && counts.every((n) => n === replicas);
      return isDone && (await this.#isMarkedComplete(deployment)) && deployment;
    });
  }

  async #isMarkedComplete({ status, spec }: Deployment): Promise<boolean> {
    if (spec.paused) return true;
    return status.conditions?.some(({ reason }) => reason === "NewReplicaSetAvailable") ?? false;
  }

  close(): void {
    for (const watch of this.#watches) watch.close();
  }
}

export function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.["deployment.kubernetes.io/revision"] ?? 0);
}

function accepted<T>({ code, body }: Answer<T>): T {
  if (code >= 200 && code < 300) return body;
  throw new Error(`the server refused what a case begins with: ${code} ${JSON.stringify(body)}`);
}
