// The NetworkPolicies of a namespace, read when an Incident is opened about a rollout that changed labels.
import type { NetworkPolicyView } from "../../domain/snapshot/network.ts";
import type { ApiClient } from "../connection/api-client.ts";
import { asList, asObject, isObject, optionalText } from "../objects.ts";
import { resourcePath } from "../resources.ts";
import { projectPolicy } from "./project-policy.ts";

/** Of more than this nothing is told: what is not known could admit whom the known ones shut out. */
const MOST_POLICIES = 500;
/** The rollback waits for the answer; a cause that comes too late is not worth it (real time). */
const LONGEST_MS = 2_000;

/** One request. Undefined when they cannot be had in time; then `onProblem` hears why, and the cause is not told. */
export async function readPolicies(
  client: Pick<ApiClient, "get">,
  namespace: string,
  onProblem: (error: unknown) => void,
): Promise<readonly NetworkPolicyView[] | undefined> {
  try {
    const list = await client.get(
      resourcePath("networkpolicies", namespace),
      { limit: MOST_POLICIES },
      { attempts: 1, signal: AbortSignal.timeout(LONGEST_MS) },
    );
    if (optionalText(asObject(list.metadata).continue) !== undefined) return undefined;
    return asList(list.items).filter(isObject).map(projectPolicy);
  } catch (error) {
    onProblem(error);
    return undefined;
  }
}
