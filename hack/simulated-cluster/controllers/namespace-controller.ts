// The namespace controller: empties a namespace that is being deleted, then lets it go.
import type { ClusterParts } from "../cluster-parts.ts";
import { createKeyQueue } from "./key-queue.ts";

const RETRY_MS = 500;

/** Watches Namespaces, until the cluster's time stops. */
export function startNamespaceController(parts: ClusterParts): void {
  const { objects } = parts;
  const queue = createKeyQueue(parts, empty);

  objects.subscribe("namespaces", ({ type, object: { metadata } }) => {
    if (type !== "DELETED" && metadata.deletionTimestamp !== undefined) queue.add(metadata.name);
  });

  function empty(name: string): void {
    let left = 0;
    for (const resource of objects.resources.all()) {
      if (!resource.isNamespaced) continue;
      for (const { metadata } of objects.list(resource.id, name)) {
        if (metadata.deletionTimestamp === undefined) objects.delete(resource.id, name, metadata.name);
        if (objects.get(resource.id, name, metadata.name) !== undefined) left += 1;
      }
    }
    if (left > 0) {
      queue.add(name, RETRY_MS);
      return;
    }
    const namespace = objects.get("namespaces", "", name);
    if (namespace?.metadata.deletionTimestamp !== undefined) {
      objects.store.remove(objects.resources.named("namespaces"), namespace);
    }
  }
}
