// Images that cannot be pulled. Pure.
import { type Check, eventsAbout, findingOfPods, healthy, podShare, told } from "./fault.ts";

export const imagePull: Check = (rollout, now) => {
  if (!rollout.policy.spec.checks.imagePull.enabled) return healthy("imagePull");
  const affected = rollout.pods.flatMap((pod) =>
    pod.startTrouble?.kind === "image"
      ? [
          {
            pod,
            sinceAt: pod.startTrouble.sinceAt,
            untilAt: pod.startTrouble.sinceAt + rollout.policy.imagePullMs,
          },
        ]
      : [],
  );
  return findingOfPods("imagePull", rollout, affected, now, (pods) => {
    const waiting = pods.flatMap(({ pod }) =>
      pod.containers.flatMap(({ name, state }) => (state.is === "waiting" ? [{ name, ...state }] : [])),
    );
    const images = waiting.flatMap(
      ({ name }) => rollout.revision.template.containers.find((c) => c.name === name)?.image ?? [],
    );
    const image = images[0] ?? "the image";
    return told("ImagePullFailing", `${podShare(pods, rollout)} cannot pull ${image}`, [
      ...waiting.map(({ name, reason, message }) => `container ${name}: ${reason}: ${message}`),
      ...pods.flatMap(({ pod }) => eventsAbout(rollout, pod.uid, ["Failed", "BackOff", "InspectFailed"])),
    ]);
  });
};
