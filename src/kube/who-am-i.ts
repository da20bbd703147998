// Who asks, as the API server knows the user.
import type { ApiClient } from "./connection/api-client.ts";
import { ApiError } from "./connection/api-error.ts";
import { asObject, optionalText } from "./objects.ts";

const API_VERSION = "authentication.k8s.io/v1";
const LONGEST = 256;

/** The user's name; undefined where the API server does not tell (older than Kubernetes 1.28, or no right to ask). */
export async function whoAmI(client: Pick<ApiClient, "create">): Promise<string | undefined> {
  try {
    const review = { apiVersion: API_VERSION, kind: "SelfSubjectReview", metadata: {} };
    const answer = await client.create(`/apis/${API_VERSION}/selfsubjectreviews`, review);
    return optionalText(asObject(asObject(answer.status).userInfo).username)?.slice(0, LONGEST);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
