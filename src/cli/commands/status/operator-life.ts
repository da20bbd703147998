// Whether an operator is at work, as far as whoever asks may see it: its Lease, where the installation has one.
import type { ApiClient } from "../../../kube/connection/api-client.ts";
import { createLeaseAccess } from "../../../kube/lease/lease-access.ts";
import { momentText, spanText } from "../../../reports/text/moments.ts";

/** As config/ installs it. */
const LEASE = { namespace: "rolloutguard-system", name: "rolloutguard" } as const;

/** What is wrong with the operator's Lease, in a sentence; undefined when nothing is, or nothing can be told. */
export async function leaseWarning(client: ApiClient, now: () => number): Promise<string | undefined> {
  const access = createLeaseAccess(client, LEASE);
  // Few may read Leases of that namespace, and an operator may work without one: then only its words tell.
  const seen = await access.read({}).catch(() => undefined);
  if (seen === undefined) return undefined;
  const { holder, renewedAt, durationMs } = seen.record;
  if (holder === "") return `No operator is running: no instance holds the Lease ${access.name}.`;
  const at = now();
  if (renewedAt === undefined || durationMs === undefined || renewedAt + durationMs >= at) return undefined;
  return `No operator is running: ${holder} has not renewed the Lease ${access.name} for ${spanText(at - renewedAt)}, since ${momentText(renewedAt, at)}.`;
}
