// What every namespace gets from the controller manager: the ServiceAccount "default" and the ConfigMap with the root CA.
import type { ClusterParts } from "../../cluster-parts.ts";
import { createKeyQueue } from "../key-queue.ts";

const ROOT_CA = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: {
    name: "kube-root-ca.crt",
    annotations: {
      "kubernetes.io/description":
        "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
    },
  },
  data: { "ca.crt": "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n" },
};

const SERVICE_ACCOUNT = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } };

/** Fills new namespaces, and puts back what was deleted from one that stays, until the cluster's time stops. */
export function startNamespaceContents(parts: ClusterParts): void {
  const { objects } = parts;
  const queue = createKeyQueue(parts, fill, "root-ca-certificate-publisher");

  objects.subscribe("namespaces", ({ type, object: { metadata } }) => {
    if (type !== "DELETED") queue.add(metadata.name);
  });
  for (const resource of ["serviceaccounts", "configmaps"]) {
    objects.subscribe(resource, ({ type, object: { metadata } }) => {
      const isOurs = [SERVICE_ACCOUNT, ROOT_CA].some((ours) => ours.metadata.name === metadata.name);
      if (type === "DELETED" && isOurs) queue.add(metadata.namespace ?? "");
    });
  }
  for (const { metadata } of objects.values("namespaces")) queue.add(metadata.name);

  function fill(name: string): void {
    const namespace = objects.get("namespaces", "", name);
    if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined) return;
    if (objects.get("serviceaccounts", name, "default") === undefined) {
      objects.create("serviceaccounts", name, SERVICE_ACCOUNT);
    }
    if (objects.get("configmaps", name, ROOT_CA.metadata.name) === undefined) {
      objects.create("configmaps", name, ROOT_CA);
    }
  }
}
