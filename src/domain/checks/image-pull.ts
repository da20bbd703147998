// Images that cannot be pulled. Pure.

import { imageComplaint, isAboutRegistry } from "../rollout/complaints.ts";
import { pullsAsBefore } from "../rollout/image-places.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { startTroubleSince } from "../rollout/start-failure.ts";
import type { PodView } from "../snapshot/pod.ts";
import { type Check, eventsAbout, fault, findingOfPods, healthy, podShare } from "./fault.ts";
import { countsAt, type Evidence, patienceWith } from "./urgency.ts";

/** The kubelet has tried twice by then. */
const URGENT_MS = 20_000;

export const imagePull: Check = (rollout, now) => {
  const { policy } = rollout;
  if (!policy.spec.checks.imagePull.enabled) return healthy("imagePull");
  const affected = rollout.pods.flatMap((pod) => {
    const sinceAt = startTroubleSince(rollout, pod);
    if (sinceAt === undefined || pod.startFailure?.kind !== "image") return [];
    const evidence = evidenceIn(rollout, pod);
    const patience = patienceWith(evidence, URGENT_MS, policy.imagePullMs);
    return [{ pod, evidence, sinceAt, untilAt: countsAt(rollout, sinceAt, patience) }];
  });
  const isMistake = affected.some(({ evidence }) => evidence === "mistake");
  return findingOfPods(rollout, now, {
    check: "imagePull",
    affected,
    needsSecondPod: !isMistake,
    isSuspicious: isMistake,
    describe: (pods) => {
      const waiting = pods.flatMap(({ pod }) => waitingContainers(pod));
      const images = waiting.flatMap(
        ({ name }) => rollout.revision.template.containers.find((c) => c.name === name)?.image ?? [],
      );
      const image = images[0] ?? "the image";
      return fault("ImagePullFailing", `${podShare(pods, rollout)} cannot pull ${image}`, [
        ...waiting.map(({ name, reason, message }) => `container ${name}: ${reason}: ${message}`),
        ...pods.flatMap(({ pod }) => eventsAbout(rollout, pod.uid, ["Failed", "BackOff", "InspectFailed"])),
      ]);
    },
  });
};

function waitingContainers(pod: PodView) {
  return pod.containers.flatMap(({ name, state }) => (state.is === "waiting" ? [{ name, ...state }] : []));
}

/**
 * What the registry's words prove: those of the waiting container, and of the newest Event where it only says that it
 * backs off (kubelets before v1.32). Without words that are known it is what the release does.
 */
function evidenceIn(rollout: Rollout, pod: PodView): Evidence {
  const own = waitingContainers(pod).map(({ reason, message }) => `${reason} ${message}`);
  const [newest] = eventsAbout(rollout, pod.uid, ["Failed"]).filter((line) => line.includes("pull"));
  for (const text of [own.join(" "), newest ?? ""]) {
    const complaint = imageComplaint(text);
    if (complaint === undefined) continue;
    const isUnchanged = complaint !== "expected" && isAboutRegistry(text) && pullsAsBefore(rollout, pod);
    return isUnchanged ? "unchanged" : complaint;
  }
  return "behaviour";
}
