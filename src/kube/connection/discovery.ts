// What the cluster serves: asked once at the start, before anything is watched.
import { GROUP, INCIDENT_PLURAL, ROLLOUT_GUARD_PLURAL, VERSION } from "../../api/group.ts";
import { INSTALL_CRDS } from "../../release.ts";
import { asList, asObject, asText, type RawObject } from "../objects.ts";
import type { ApiClient } from "./api-client.ts";
import { ApiError, isNotFound } from "./api-error.ts";

export interface ClusterOffer {
  /** Such as "v1.36.2"; "unknown" when the server does not tell. */
  readonly serverVersion: string;
  /** discovery.k8s.io/v1 is served; without it the older Endpoints must do. */
  readonly hasEndpointSlices: boolean;
}

/** RolloutGuard's own resources are not installed. The message has the command that installs them. */
export class MissingCrdsError extends Error {
  override readonly name = "MissingCrdsError";

  constructor(missing: readonly string[]) {
    const names = missing.map((plural) => `${plural}.${GROUP}`).join(" and ");
    super(
      `The cluster does not serve ${names} in version ${VERSION}. Install the CustomResourceDefinitions and restart: ${INSTALL_CRDS}`,
    );
  }
}

/** Rejects with MissingCrdsError when a CRD is missing, with ApiError or ConnectionError when it cannot be asked. */
export async function discoverCluster(client: ApiClient): Promise<ClusterOffer> {
  const own = await servedIn(client, `/apis/${GROUP}/${VERSION}`);
  const missing = [ROLLOUT_GUARD_PLURAL, INCIDENT_PLURAL].filter((plural) => !own.has(plural));
  if (missing.length > 0) throw new MissingCrdsError(missing);
  return { serverVersion: await versionOf(client), hasEndpointSlices: await servesEndpointSlices(client) };
}

/** Whether the cluster serves EndpointSlices in their stable version; else there are only Endpoints. */
export async function servesEndpointSlices(client: ApiClient): Promise<boolean> {
  return (await servedIn(client, "/apis/discovery.k8s.io/v1")).has("endpointslices");
}

/** The plurals that a group version serves; none when the server does not know it. */
async function servedIn(client: ApiClient, path: string): Promise<ReadonlySet<string>> {
  try {
    const list = await client.get(path);
    return new Set(asList(list.resources).map((resource) => asText(asObject(resource).name)));
  } catch (error) {
    if (isNotFound(error)) return new Set();
    throw error;
  }
}

async function versionOf(client: ApiClient): Promise<string> {
  try {
    const version: RawObject = await client.get("/version");
    return asText(version.gitVersion, "unknown");
  } catch (error) {
    // Only told in a log line: no reason to stop where a proxy or role keeps it back.
    if (error instanceof ApiError && error.status < 500) return "unknown";
    throw error;
  }
}
