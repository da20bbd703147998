// The ReplicaSet controller: keeps as many pods as the spec says and tells how they are.
import { ApiError } from "../api-server/api-error.ts";
import type { Condition, Pod, ReplicaSet, ReplicaSetStatus } from "../api-server/kinds.ts";
import { controllerOf, controllerReference, isSameJson, type KubeObject } from "../api-server/kube-object.ts";
import { containsLabels } from "../api-server/selectors.ts";
import type { ClusterParts } from "../cluster-parts.ts";
import { createEventRecorder } from "./event-recorder.ts";
import { createKeyQueue, keyFor, parseKey } from "./key-queue.ts";
import { deletionOrder, isActive, readySince } from "./pod-readiness.ts";

/** Watches ReplicaSets and their pods, until the cluster's time stops. */
export function startReplicaSetController(parts: ClusterParts): void {
  const { objects, time } = parts;
  const recorder = createEventRecorder(parts, { component: "replicaset-controller" });
  const queue = createKeyQueue(parts, reconcile);

  const enqueue = ({ metadata }: KubeObject): void => queue.add(keyFor(metadata.namespace, metadata.name));
  objects.subscribe("replicasets", ({ object }) => enqueue(object));
  objects.subscribe("pods", ({ object }) => {
    const owner = controllerOf(object);
    if (owner?.kind === "ReplicaSet") queue.add(keyFor(object.metadata.namespace, owner.name));
  });

  function reconcile(key: string): void {
    const { namespace, name } = parseKey(key);
    const set = objects.get("replicasets", namespace, name);
    if (set === undefined || set.metadata.deletionTimestamp !== undefined) return;
    const pods = objects.ownedBy("pods", set.metadata.uid);
    const failure = adjust(set, pods.filter(isActive));
    writeStatus(set, failure);
    if (failure !== undefined) throw failure;
  }

  /** Creates or deletes pods. Returns the refusal when some could not be created. */
  function adjust(set: ReplicaSet, active: readonly Pod[]): ApiError | undefined {
    const missing = set.spec.replicas - active.length;
    for (const pod of deletionOrder(active).slice(0, Math.max(0, -missing))) {
      objects.delete("pods", pod.metadata.namespace ?? "", pod.metadata.name);
      recorder.record(set, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`);
    }
    for (let i = 0; i < missing; i++) {
      try {
        createPod(set);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        recorder.record(set, "Warning", "FailedCreate", `Error creating: ${error.message}`);
        return error;
      }
    }
    return undefined;
  }

  function createPod(set: ReplicaSet): void {
    const { namespace = "", name } = set.metadata;
    const { template } = set.spec;
    const pod = objects.create("pods", namespace, {
      metadata: {
        generateName: `${name}-`,
        namespace,
        labels: template.metadata?.labels,
        annotations: template.metadata?.annotations,
        ownerReferences: [controllerReference(set)],
      },
      spec: template.spec,
    });
    recorder.record(set, "Normal", "SuccessfulCreate", `Created pod: ${pod.metadata.name}`);
  }

  function writeStatus(set: ReplicaSet, failure: ApiError | undefined): void {
    const pods = objects.ownedBy("pods", set.metadata.uid);
    const active = pods.filter(isActive);
    const minReadyMs = (set.spec.minReadySeconds ?? 0) * 1_000;
    const ready = active.map(readySince).filter((since) => since !== undefined);
    const available = ready.filter((since) => since + minReadyMs <= time.now());
    const terminating = pods.filter(
      ({ metadata, status }) => metadata.deletionTimestamp !== undefined && !isTerminal(status.phase),
    );
    const labels = set.spec.template.metadata?.labels ?? {};
    const status: ReplicaSetStatus = {
      replicas: active.length,
      fullyLabeledReplicas:
        active.filter(({ metadata }) => containsLabels(labels, metadata.labels)).length || undefined,
      readyReplicas: ready.length || undefined,
      availableReplicas: available.length || undefined,
      terminatingReplicas: terminating.length,
      observedGeneration: set.metadata.generation,
      ...failureCondition(set, failure),
    };
    if (!isSameJson(status, set.status)) objects.updateStatus("replicasets", { ...set, status });
    const [next] = ready.filter((since) => since + minReadyMs > time.now()).sort((a, b) => a - b);
    if (next !== undefined) {
      queue.add(keyFor(set.metadata.namespace, set.metadata.name), next + minReadyMs - time.now());
    }
  }

  function failureCondition(
    set: ReplicaSet,
    failure: ApiError | undefined,
  ): { conditions?: readonly Condition[] } {
    if (failure === undefined) return {};
    const current = set.status.conditions?.find(({ type }) => type === "ReplicaFailure");
    if (current !== undefined) return { conditions: [current] };
    const lastTransitionTime = time.timestamp();
    const { message } = failure;
    return {
      conditions: [
        { type: "ReplicaFailure", status: "True", lastTransitionTime, reason: "FailedCreate", message },
      ],
    };
  }
}

function isTerminal(phase: string | undefined): boolean {
  return phase === "Failed" || phase === "Succeeded";
}
