// What cases see of the pod `web`: its states as they come, its conditions, its Events.
import type { ContainerStatus, CoreEvent, Pod } from "@rolloutguard/simulated-cluster/objects";
import { webPod } from "./manifests.ts";
import type { Site } from "./site.ts";

type Options = Parameters<typeof webPod>[0];

/** Creates the pod `web` and gives it back once its only container says what is looked for. */
export async function podWhose(
  site: Site,
  options: Options,
  what: string,
  look: (status: ContainerStatus, pod: Pod) => boolean,
) {
  await site.create("pods", webPod(options));
  return podThat(site, what, look);
}

export async function podThat(
  site: Site,
  what: string,
  look: (status: ContainerStatus, pod: Pod) => boolean,
) {
  const pod = await podSeen(site, what, (found) => statusesOf(found).some((status) => look(status, found)));
  const status = statusesOf(pod).find((each) => look(each, pod));
  if (status === undefined) throw new Error(`${what}, and it does not say so`);
  return { pod, status };
}

const statusesOf = ({ status }: Pod) => status.containerStatuses ?? [];

/** The pod as it is, or as it comes to be. By a watch: some states last for a moment only. */
export async function podSeen(site: Site, what: string, look: (pod: Pod) => boolean): Promise<Pod> {
  const watch = await site.watch<Pod>("pods", "resourceVersion=0&fieldSelector=metadata.name%3Dweb");
  const line = await site.eventually(what, () => watch.lines.find(({ object }) => look(object)));
  watch.close();
  return line.object;
}

/** The first Event of this reason about the pod whose message fits. */
export function eventOf(site: Site, reason: string, message: RegExp): Promise<CoreEvent> {
  return site.eventually(`an Event ${reason} ${message}`, async () => {
    const events = await site.events("web");
    return events.find((event) => event.reason === reason && message.test(event.message));
  });
}

export const waiting = (reason: string) => (status: ContainerStatus) =>
  status.state.waiting?.reason === reason;

export function conditionOf({ status }: Pod, type: string) {
  const { reason, message, status: value } = status.conditions?.find((each) => each.type === type) ?? {};
  return { status: value, reason, message };
}

export const NOT_READY = {
  status: "False",
  reason: "ContainersNotReady",
  message: "containers with unready status: [app]",
};
