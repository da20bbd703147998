// What people change around an application: quotas, Secrets, ConfigMaps, Services and rights of its namespace.
import type { ClusterClient } from "../../clusters/cluster-client.ts";
import { pathOf } from "../../clusters/resource-paths.ts";

type Surrounding = "resourcequotas" | "secrets" | "configmaps" | "services" | "roles" | "rolebindings";

interface Place {
  readonly client: ClusterClient;
  readonly namespace: string;
}

export function createSurroundings({ client, namespace }: Place) {
  return {
    create(plural: Surrounding, manifest: object): Promise<unknown> {
      return client.send("POST", pathOf(plural, namespace), manifest);
    },

    /** Sets one field of an object; `path` is a JSON pointer. */
    async setField(plural: Surrounding, name: string, path: string, value: unknown): Promise<void> {
      await client.send("PATCH", pathOf(plural, namespace, name), [{ op: "add", path, value }]);
    },

    async removed(plural: Surrounding, name: string): Promise<void> {
      await client.send("DELETE", pathOf(plural, namespace, name));
    },
  };
}
