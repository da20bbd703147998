// Who refuses the operator's changes of Deployments, and how the API server says it.
import type { Fault } from "@rolloutguard/simulated-cluster";
import { apiVersionOf, type ResourceName, type UncachedResourceName } from "../../src/kube/resources.ts";

/** The code and the message of the answer, by who refuses. */
export const REFUSALS = {
  "a right is missing": [
    403,
    'deployments.apps "shop" is forbidden: User "rolloutguard" cannot patch resource "deployments" in API group "apps" in the namespace "shop"',
  ],
  "a webhook denies it": [403, 'admission webhook "policy.example.com" denied the request: no changes today'],
  "a webhook denies it with 409": [409, 'admission webhook "policy.example.com" denied the request: busy'],
  "a policy denies it": [
    422,
    "deployments.apps \"shop\" is forbidden: ValidatingAdmissionPolicy 'freeze' with binding 'freeze' denied request: no changes today",
  ],
  "a quota denies it": [403, 'deployments.apps "shop" is forbidden: exceeded quota: writes'],
  "a webhook cannot be asked": [
    500,
    'Internal error occurred: failed calling webhook "policy.example.com": failed to call webhook: context deadline exceeded',
  ],
} as const satisfies Readonly<Record<string, readonly [code: number, message: string]>>;

/** Refuses every patch of Deployments by operators: of all in the namespace, or of one. */
export function refusing(
  { namespace, name }: { readonly namespace: string; readonly name?: string },
  [code, message]: readonly [number, string],
): Fault {
  const whose = { namespace, ...(name !== undefined && { name }) };
  return {
    on: { verb: "patch", resource: "deployments", ...whose, userAgent: "rolloutguard/" },
    does: { answer: { code, message } },
  };
}

/** What the API server says to an operator whose role does not allow to list the resource in the whole cluster. */
export function unreadable(resource: ResourceName | UncachedResourceName): Fault["does"] {
  const [group = ""] = apiVersionOf(resource).split("/").slice(0, -1);
  const message = `${resource} is forbidden: User "rolloutguard" cannot list resource "${resource}" in API group "${group}" at the cluster scope`;
  return { answer: { code: 403, message } };
}
