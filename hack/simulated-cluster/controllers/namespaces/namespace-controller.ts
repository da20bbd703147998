// The namespace controller: empties a namespace that is being deleted, says what is left, then lets it go.
import type { Condition } from "../../api-server/kinds.ts";
import type { KubeObject } from "../../api-server/kube-object.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { createKeyQueue } from "../key-queue.ts";
import { namespaceConditions, type Remainder } from "./namespace-conditions.ts";

const RETRY_MS = 500;

/** Watches Namespaces, until the cluster's time stops. */
export function startNamespaceController(parts: ClusterParts): void {
  const { objects, time } = parts;
  const queue = createKeyQueue(parts, finalize, "namespace-controller");

  objects.subscribe("namespaces", ({ type, object: { metadata } }) => {
    if (type !== "DELETED" && metadata.deletionTimestamp !== undefined) queue.add(metadata.name);
  });

  function finalize(name: string): void {
    const namespace = objects.get("namespaces", "", name);
    if (namespace?.metadata.deletionTimestamp === undefined) return;
    const remainder = empty(name);
    if (remainder.resources.size > 0) {
      say(namespace, remainder);
      queue.add(name, RETRY_MS);
      return;
    }
    // Finalizers of others hold the namespace after its content is gone; their removal is news of it.
    if ((namespace.metadata.finalizers ?? []).length > 0) say(namespace, remainder);
    else objects.store.remove(objects.resources.named("namespaces"), namespace);
  }

  /** Deletes what is in the namespace; returns what is still there after that. */
  function empty(name: string): Remainder {
    const resources = new Map<string, number>();
    const finalizers = new Map<string, number>();
    for (const resource of objects.resources.all()) {
      if (!resource.isNamespaced) continue;
      for (const { metadata } of objects.list(resource.id, name)) {
        if (metadata.deletionTimestamp === undefined) objects.delete(resource.id, name, metadata.name);
        const left = objects.get(resource.id, name, metadata.name);
        if (left === undefined) continue;
        // Resources of the core group end with a dot, as their group is empty.
        add(resources, `${resource.plural}.${resource.group}`);
        for (const finalizer of left.metadata.finalizers ?? []) add(finalizers, finalizer);
      }
    }
    return { resources, finalizers };
  }

  function say(namespace: KubeObject, remainder: Remainder): void {
    const status = namespace.status as { readonly conditions?: readonly Condition[] };
    const conditions = namespaceConditions(status.conditions ?? [], remainder, time.timestamp());
    objects.updateStatus("namespaces", { ...namespace, status: { ...status, conditions } });
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
