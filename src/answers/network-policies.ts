// The NetworkPolicies of a namespace, and who else runs in it: one request.
import type { NetworkPolicyView } from "../domain/snapshot/network.ts";
import type { ApiClient } from "../kube/connection/api-client.ts";
import { asList, asObject, isObject, optionalText } from "../kube/objects.ts";
import { projectPolicy } from "../kube/projections/network-policy.ts";
import { resourcePath } from "../kube/resources.ts";
import type { Adapter } from "./adapter.ts";

/** Of more than this nothing is said: what is not known could admit whom the known ones shut out. */
const MOST_POLICIES = 500;
/** A rollback waits for the answer; a cause that comes too late is not worth it (real time). */
const LONGEST_MS = 2_000;

export const networkPolicies: Adapter<"networkPolicies"> = async (_question, snapshot, sources) => {
  const { guard, workload, services } = snapshot;
  const policies = await readPolicies(sources.client, guard.namespace);
  const names = services.map(({ name }) => name);
  const { contents } = sources.caches;
  return { policies, neighbours: contents.neighboursOf(guard.namespace, workload?.uid ?? "", names) };
};

/** Rejects when they cannot be had in time, or there are too many. */
export async function readPolicies(
  client: Pick<ApiClient, "get">,
  namespace: string,
): Promise<readonly NetworkPolicyView[]> {
  const list = await client.get(
    resourcePath("networkpolicies", namespace),
    { limit: MOST_POLICIES },
    { attempts: 1, signal: AbortSignal.timeout(LONGEST_MS) },
  );
  if (optionalText(asObject(list.metadata).continue) !== undefined)
    throw new Error(`namespace ${namespace} has more than ${MOST_POLICIES} NetworkPolicies`);
  return asList(list.items).filter(isObject).map(projectPolicy);
}
