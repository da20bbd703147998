// Whether what an application depends on exists: objects of its namespace, or a moment in time.
import type { EndpointSlice } from "../../api-server/kinds.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { listOf } from "../application.ts";

type Exists = (parts: Pick<ClusterParts, "objects" | "time">, namespace: string, name: string) => boolean;

const EXISTS: Readonly<Record<string, Exists>> = {
  configmap: ({ objects }, namespace, name) => objects.get("configmaps", namespace, name) !== undefined,
  secret: ({ objects }, namespace, name) => objects.get("secrets", namespace, name) !== undefined,
  service: ({ objects }, namespace, name) =>
    [...objects.values("endpointslices", namespace)].some((slice) => isServing(slice, name)),
  time: ({ time }, _, at) => time.now() >= Date.parse(at),
};

/** The first part of the list (see NEEDS) that does not exist. Throws for a kind that it does not know. */
export function missingDependency(
  parts: Pick<ClusterParts, "objects" | "time">,
  namespace: string,
  list: string | undefined,
): string | undefined {
  return listOf(list).find((dependency) => {
    const [kind = "", ...name] = dependency.split("/");
    const exists = EXISTS[kind];
    if (exists === undefined) {
      throw new Error(`"${dependency}" must begin with one of ${Object.keys(EXISTS).join(", ")}`);
    }
    return !exists(parts, namespace, name.join("/"));
  });
}

function isServing({ metadata, endpoints }: EndpointSlice, service: string): boolean {
  const isOwn = metadata.labels?.["kubernetes.io/service-name"] === service;
  return isOwn && (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false);
}
