// Reads the Deployment that a command is about.
import { isNotFound } from "../../kube/connection/api-error.ts";
import { listAll } from "../../kube/list-all.ts";
import { metaOf, type RawObject } from "../../kube/objects.ts";
import { resourcePath } from "../../kube/resources.ts";
import { CommandError, EXIT_CODES } from "../exit-codes.ts";
import type { ClusterAccess } from "./cluster-access.ts";
import { notFound } from "./cluster-error.ts";

/** Rejects with CommandError when there is none of that name, with ApiError or ConnectionError when it cannot be read. */
export async function readDeployment({ client, namespace }: ClusterAccess, name: string): Promise<RawObject> {
  return client.get(resourcePath("deployments", namespace, name)).catch(async (error: unknown) => {
    if (!isNotFound(error)) throw error;
    const names = (await listAll(client, "deployments", namespace)).map((object) => metaOf(object).name);
    const { message } = notFound("Deployment", name, namespace, names, "there are none at all");
    throw new CommandError(message, EXIT_CODES.notFound, { cause: error });
  });
}
