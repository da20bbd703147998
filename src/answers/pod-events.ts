// Normal Events about named pods: a request for each. The caches hold Warnings only.
import { informativeEvents } from "../domain/questions/pod-events.ts";
import type { EventView } from "../domain/snapshot/event.ts";
import type { ApiClient } from "../kube/connection/api-client.ts";
import { maskedEvents } from "../kube/masking/masked-events.ts";
import { asList, isObject } from "../kube/objects.ts";
import { projectEvent } from "../kube/projections/event.ts";
import { resourcePath } from "../kube/resources.ts";
import type { Adapter } from "./adapter.ts";

/** A pod that nobody can place has few. */
const MOST_EVENTS = 100;
const LONGEST_MS = 5_000;
const KINDS: ReadonlySet<string> = new Set(["Pod"]);

export const podEvents: Adapter<"podEvents"> = async ({ pods }, { guard, workload }, { client, caches }) => {
  const { namespace } = guard;
  const signal = AbortSignal.timeout(LONGEST_MS);
  const lists = await Promise.all(pods.map(({ uid }) => readEvents(client, namespace, uid, signal)));
  const fingerprints = workload ? caches.contents.fingerprintsOf(namespace, workload) : [];
  return maskedEvents(informativeEvents(lists.flat()), fingerprints);
};

/** One request. */
async function readEvents(
  client: Pick<ApiClient, "get">,
  namespace: string,
  uid: string,
  signal: AbortSignal,
): Promise<readonly EventView[]> {
  const list = await client.get(
    resourcePath("events", namespace),
    { fieldSelector: `involvedObject.uid=${uid},type=Normal`, limit: MOST_EVENTS },
    { attempts: 1, signal },
  );
  return asList(list.items)
    .filter(isObject)
    .flatMap((event) => projectEvent(event, KINDS) ?? []);
}
