// What to grant when RBAC refuses a request.
import { releaseFile } from "../release.ts";
import { ApiError } from "./connection/api-error.ts";

const ROLES = {
  cluster: "config/rbac/cluster/cluster-role.yaml",
  namespace: "config/rbac/namespace/role.yaml",
  lease: "config/operator/lease-role.yaml",
  logs: "config/components/logs/kustomization.yaml",
} as const;

/** As the API server says it: `... is forbidden: User "..." cannot list resource "pods" in API group "" at the cluster scope`. */
const REFUSAL = /cannot (\S+) resource "([^"]+)" in API group "[^"]*"(?: in the namespace "([^"]+)")?/;

/**
 * Which verb on which resource is missing and which file grants it, in a sentence without its full stop. Undefined for every other error, a
 * 403 of a quota or of admission included: no role would help there.
 */
export function missingRight(error: unknown): string | undefined {
  const refused = refusedCall(error);
  if (refused === undefined) return undefined;
  const { resource, namespace } = refused;
  return `RolloutGuard has no permission to ${callText(refused)}; ${granting(resource, namespace)}`;
}

/** A call that RBAC refuses. */
interface RefusedCall {
  readonly verb: string;
  readonly resource: string;
  /** undefined: in the whole cluster. */
  readonly namespace: string | undefined;
}

/** What RBAC refuses to whoever asked; undefined for every other error. */
export function refusedCall(error: unknown): RefusedCall | undefined {
  if (!(error instanceof ApiError) || error.status !== 403) return undefined;
  const [, verb, resource, namespace] = REFUSAL.exec(error.message) ?? [];
  return verb === undefined || resource === undefined ? undefined : { verb, resource, namespace };
}

/** "list pods in namespace shop". */
export function callText({ verb, resource, namespace }: RefusedCall): string {
  return `${verb} ${resource} ${namespace === undefined ? "in the whole cluster" : `in namespace ${namespace}`}`;
}

/** What an error says, and what to grant when that would help. */
export function messageWithAdvice(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const advice = missingRight(error);
  return advice === undefined ? message : `${message}. ${advice}`;
}

function granting(resource: string, namespace: string | undefined): string {
  if (resource === "pods/log") return `the component ${releaseFile(ROLES.logs)} grants it`;
  if (resource === "leases") return `${releaseFile(ROLES.lease)} grants it`;
  if (namespace === undefined) return `${releaseFile(ROLES.cluster)} grants it`;
  return `${releaseFile(ROLES.cluster)} or, for one namespace, ${releaseFile(ROLES.namespace)} grants it`;
}
