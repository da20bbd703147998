// The shop as it is shipped by whoever applies server-side.

import { deploymentOf, SHOP, serviceOf, type Version } from "./shop.ts";
import type { Story } from "./story.ts";

export interface ApplyOptions {
  readonly manager?: string;
  readonly force?: boolean;
}

/** Applies that version of the Deployment, as Helm 4 does. Resolves with what the API server said when it refused. */
export async function appliedServerSide(
  { world, namespace }: Story,
  version: Version,
  { manager = "helm", force = false }: ApplyOptions = {},
): Promise<"applied" | { readonly refused: string }> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${SHOP}`;
  const answer = await fetch(`${world.cluster.url}${path}?fieldManager=${manager}&force=${force}`, {
    method: "PATCH",
    headers: { "content-type": "application/apply-patch+yaml", "user-agent": `${manager}/4` },
    body: JSON.stringify(deploymentOf(namespace, SHOP, version)),
  });
  const { message } = (await answer.json()) as { readonly message?: string };
  return answer.ok ? "applied" : { refused: String(message) };
}

/** The shop, applied server-side, whose running version is known to be good. */
export async function anAppliedShop(story: Story, version: Version, guard: object = {}): Promise<void> {
  const { world, namespace, given, then } = story;
  world.cluster.store.apply(serviceOf(namespace, SHOP));
  await appliedServerSide(story, version);
  given.aGuard(guard);
  await then.good(version.tag);
  await world.pass(10_000);
}
