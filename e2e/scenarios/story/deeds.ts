// What people do to an application in a scenario, as requests to the API server; each change of a Deployment is noted.
import type { Deployment, PodTemplate } from "@rolloutguard/simulated-cluster/objects";
import { type ClusterClient, RefusedError } from "../../clusters/cluster-client.ts";
import type { ClusterUnderTest } from "../../clusters/cluster-under-test.ts";
import type { Mirror } from "../../clusters/mirror.ts";
import { pathOf } from "../../clusters/resource-paths.ts";
import { SHOP, serviceOf, type Version } from "../../testing/shop.ts";
import { applicationOf, guardOf } from "./manifests.ts";
import type { Sight } from "./sight.ts";
import { createSurroundings } from "./surroundings.ts";

export interface StoryParts {
  readonly cluster: ClusterUnderTest;
  readonly client: ClusterClient;
  readonly mirror: Mirror;
  readonly namespace: string;
  /** Told what is done, in the words of a command line, just before it is. */
  readonly onDeed?: ((what: string) => Promise<void>) | undefined;
}

/** How long a watch can take to report a change, on a machine that is busy (real time). */
const NEWS_MS = 300_000;

/** A change of a Deployment that the scenario made itself. */
export interface Deed {
  readonly deployment: string;
  /** The generation that it produced. */
  readonly generation: number;
  /** When it was answered (epoch ms of the cluster's clock). */
  readonly at: number;
}

export type Deeds = ReturnType<typeof createDeeds>;

export function createDeeds({ cluster, client, mirror, namespace, onDeed }: StoryParts, sight: Sight) {
  const done: Deed[] = [];

  /** Resolves when the mirror shows it too, so that nobody takes what was there before for what came of it. */
  async function note(deployment: string, { metadata }: Deployment): Promise<void> {
    const generation = metadata.generation ?? 0;
    done.push({ deployment, generation, at: cluster.now() });
    const isSeen = () =>
      (mirror.get("deployments", namespace, deployment)?.metadata.generation ?? 0) >= generation;
    if (!(await mirror.await(namespace, isSeen, NEWS_MS * cluster.timeScale))) {
      throw new Error(
        `the watch of Deployments does not tell of ${namespace}/${deployment} as it was changed`,
      );
    }
  }

  /** Reads it, changes it, writes it; again when somebody else wrote in between. */
  async function change(name: string, changed: (current: Deployment) => object): Promise<void> {
    const path = pathOf("deployments", namespace, name);
    for (;;) {
      const current = await client.send<Deployment>("GET", path);
      try {
        const answer = await client.send<Deployment>("PUT", path, changed(current));
        if (answer.metadata.generation !== current.metadata.generation) await note(name, answer);
        return;
      } catch (error) {
        if (!(error instanceof RefusedError) || error.code !== 409) throw error;
      }
    }
  }

  function changeSpec(name: string, changes: Partial<Deployment["spec"]>): Promise<void> {
    return change(name, (current) => ({ ...current, spec: { ...current.spec, ...changes } }));
  }

  async function deploy(version: Version, name: string): Promise<void> {
    await client.send("POST", pathOf("services", namespace), serviceOf(namespace, name));
    const manifest = applicationOf(cluster, namespace, name, version);
    await note(name, await client.send<Deployment>("POST", pathOf("deployments", namespace), manifest));
  }

  return {
    /** The changes of Deployments so far. */
    done: done as readonly Deed[],
    changeSpec,

    ...createSurroundings({ client, namespace }),

    /** Deletes a Deployment with all that it owns, and resolves when no pod of it is left. */
    async deleted(name = SHOP): Promise<void> {
      await onDeed?.(`kubectl delete deployment/${name}`);
      await client.send("DELETE", pathOf("deployments", namespace, name));
      const isGone = () =>
        mirror.get("deployments", namespace, name) === undefined && sight.pods(name).length === 0;
      if (!(await mirror.await(namespace, isGone, NEWS_MS * cluster.timeScale))) {
        throw new Error(`${namespace}/${name} was deleted, and pods of it are left`);
      }
    },

    /** Applies a Deployment whose Service exists already. */
    async appliedAgain(version: Version, name = SHOP): Promise<void> {
      await onDeed?.(`${name} applied again`);
      const manifest = applicationOf(cluster, namespace, name, version);
      await note(name, await client.send<Deployment>("POST", pathOf("deployments", namespace), manifest));
    },

    /** What is there when the story begins, with its Service. */
    found: deploy,

    /** An application that was never deployed before, with its Service. */
    async deployed(version: Version, name = SHOP): Promise<void> {
      await onDeed?.(`first revision${of(name)} applied`);
      await deploy(version, name);
    },

    /** `checks`: what the guard says of its checks, where a default would take ten minutes. */
    async guarded(name = SHOP, checks: object = {}): Promise<void> {
      await client.send("POST", pathOf("rolloutguards", namespace), guardOf(namespace, name, { checks }));
    },

    /** A new version, as `kubectl replace` brings it: what the controllers wrote stays. */
    async shipped(version: Version, name = SHOP): Promise<void> {
      await onDeed?.(`new revision${of(name)} applied`);
      const wanted = applicationOf(cluster, namespace, name, version) as Deployment;
      return change(name, (current) => {
        const annotations = { ...current.metadata.annotations, ...wanted.metadata.annotations };
        const metadata = { ...current.metadata, annotations };
        return { ...current, metadata, spec: { ...current.spec, ...wanted.spec } };
      });
    },

    async scaledTo(replicas: number): Promise<void> {
      await onDeed?.(`kubectl scale deployment/${SHOP} --replicas=${replicas}`);
      return changeSpec(SHOP, { replicas });
    },

    async paused(isPaused: boolean): Promise<void> {
      await onDeed?.(`kubectl rollout ${isPaused ? "pause" : "resume"} deployment/${SHOP}`);
      return changeSpec(SHOP, { paused: isPaused });
    },

    /** As `kubectl rollout restart`, or as another controller that writes its own annotation. */
    async restarted(mark = "kubectl.kubernetes.io/restartedAt"): Promise<void> {
      await onDeed?.(`kubectl rollout restart deployment/${SHOP}`);
      const restartedAt = new Date(cluster.now()).toISOString();
      return change(SHOP, (current) => {
        const { metadata, ...rest } = current.spec.template;
        const annotations = { ...metadata?.annotations, [mark]: restartedAt };
        const template = { ...rest, metadata: { ...metadata, annotations } };
        return { ...current, spec: { ...current.spec, template } };
      });
    },

    /** As `kubectl rollout undo`: to the revision with that template hash, or nothing when it runs already. */
    async undoneTo(hash: string, name = SHOP): Promise<void> {
      const past = sight.history(name).find((revision) => revision.hash === hash);
      if (past === undefined) throw new Error(`there is no revision ${hash}`);
      await onDeed?.(`kubectl rollout undo deployment/${name} --to-revision=${past.number}`);
      await changeSpec(name, { template: templateOf(past.replicaSet.spec.template) });
    },

    async allPodsDeleted(): Promise<void> {
      await onDeed?.("kubectl delete pod --all --wait=false");
      const paths = sight.pods(SHOP).map(({ metadata }) => pathOf("pods", namespace, metadata.name));
      await Promise.all(paths.map((path) => client.send("DELETE", path)));
    },

    /** `kubectl cordon`, or `uncordon`. */
    async cordoned(node: string, isCordoned: boolean): Promise<void> {
      await onDeed?.(`kubectl ${isCordoned ? "cordon" : "uncordon"} ${node}`);
      const operations = [{ op: "add", path: "/spec/unschedulable", value: isCordoned }];
      await client.send("PATCH", `/api/v1/nodes/${node}`, operations);
    },

    /** Through the eviction API, as `kubectl drain`. */
    async evicted(pod: string): Promise<void> {
      await onDeed?.(`pod ${pod} evicted`);
      const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: pod, namespace } };
      await client.send("POST", pathOf("pods", namespace, pod, "eviction"), eviction);
    },
  };
}

/** Only of others than the shop is said which. */
function of(name: string): string {
  return name === SHOP ? "" : ` of ${name}`;
}

/** The template of a ReplicaSet as its Deployment has it. */
export function templateOf({ metadata, ...rest }: PodTemplate): PodTemplate {
  const { "pod-template-hash": _hash, ...labels } = metadata?.labels ?? {};
  return { ...rest, metadata: { ...metadata, labels } };
}
