// Whether the holder of a token can read a path of RolloutGuard's own, as the cluster's RBAC says.
import type { ApiClient } from "./connection/api-client.ts";
import { asObject, optionalText } from "./objects.ts";
import { apiVersionOf, resourcePath } from "./resources.ts";

export type Access = "allowed" | "unauthenticated" | "forbidden";

/**
 * Asks who the token belongs to, and whether that user can get the path. Rejects with ApiError or ConnectionError: then nothing is
 * known.
 */
export async function reviewAccess(
  client: Pick<ApiClient, "create">,
  token: string,
  path: string,
): Promise<Access> {
  const authentication = await client.create(resourcePath("tokenreviews"), {
    apiVersion: apiVersionOf("tokenreviews"),
    kind: "TokenReview",
    metadata: {},
    spec: { token },
  });
  const { authenticated, user: given } = asObject(authentication["status"]);
  const { username, uid, groups, extra } = asObject(given);
  const user = optionalText(username);
  if (authenticated !== true || !user) return "unauthenticated";
  const authorization = await client.create(resourcePath("subjectaccessreviews"), {
    apiVersion: apiVersionOf("subjectaccessreviews"),
    kind: "SubjectAccessReview",
    metadata: {},
    spec: { user, uid, groups, extra, nonResourceAttributes: { path, verb: "get" } },
  });
  return asObject(authorization["status"])["allowed"] === true ? "allowed" : "forbidden";
}
