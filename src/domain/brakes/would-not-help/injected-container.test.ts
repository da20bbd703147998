import type { FindingReason } from "../../../api/reasons.ts";
import type { ContainerView, PodView } from "../../snapshot/pod.ts";
import { failing } from "../../testing/a-finding.ts";
import { crashed, imageMissing, notReadyYet, type PodTrait } from "../../testing/a-pod.ts";
import { expectNoObjection, expectObjection } from "../../testing/expect-objection.ts";
import { withPods } from "../../testing/facts.ts";
import { later, T0 } from "../../testing/instants.ts";
import { aRollout, type Scene } from "../../testing/scene.ts";
import { snapshotOf } from "../../testing/snapshot-of.ts";
import { injectedContainer } from "./injected-container.ts";

/** An admission webhook put a container into the pod, which the template does not have. */
const withProxy =
  (proxy: Partial<ContainerView>): PodTrait =>
  (pod) => ({
    ...pod,
    isReady: false,
    containers: [
      ...pod.containers,
      {
        name: "istio-proxy",
        kind: "sidecar",
        isReady: true,
        isStarted: true,
        restarts: 0,
        state: { is: "running", startedAt: T0 },
        ...proxy,
      },
    ],
  });

const crashedProxy: Partial<ContainerView> = {
  isReady: false,
  restarts: 5,
  state: { is: "waiting", reason: "CrashLoopBackOff", message: "back-off" },
  last: { is: "terminated", reason: "Error", exitCode: 1, startedAt: T0, finishedAt: T0, message: "" },
};

/** The finding about all pods of the rollout. */
function headlineIn(scene: Scene, reason: FindingReason) {
  const pods: readonly PodView[] = snapshotOf(scene).pods.filter(
    ({ revisionId }) => revisionId === scene.current.id,
  );
  return failing(reason, { pods });
}

describe("a container that fails and is not in the template", () => {
  it("is no reason to go back: it would be put into the pods of any revision", () => {
    const crash = aRollout(withPods(3, withProxy(crashedProxy)));
    for (const reason of ["CrashLooping", "OutOfMemory", "InitContainerFailing"] as const) {
      expectObjection(injectedContainer, headlineIn(crash, reason), crash, "Container istio-proxy fails");
    }
    const pull = aRollout(
      withPods(
        3,
        withProxy({ isReady: false, state: { is: "waiting", reason: "ErrImagePull", message: "429" } }),
      ),
    );
    for (const reason of ["ImagePullFailing", "ContainerConfigError"] as const) {
      expectObjection(injectedContainer, headlineIn(pull, reason), pull, "istio-proxy");
    }
    const unready = aRollout(withPods(3, withProxy({ isReady: false })));
    for (const reason of ["NotReady", "Degraded"] as const) {
      expectObjection(injectedContainer, headlineIn(unready, reason), unready, "istio-proxy");
    }
  });

  it("is one where the release's own containers fail too", () => {
    const both = aRollout(withPods(3, notReadyYet, withProxy({ isReady: false })));
    expectNoObjection(injectedContainer, headlineIn(both, "NotReady"), both);
    const own = aRollout(withPods(3, crashed({ restarts: 9 }), withProxy({ isReady: false })));
    expectNoObjection(injectedContainer, headlineIn(own, "CrashLooping"), own);
    const image = aRollout(withPods(3, imageMissing(later(0)), withProxy({})));
    expectNoObjection(injectedContainer, headlineIn(image, "ImagePullFailing"), image);
  });

  it("says nothing of findings that are not about containers", () => {
    const scene = aRollout(withPods(3, withProxy(crashedProxy)));
    for (const reason of ["CreateFailed", "Unschedulable", "EmptyEndpoints", "PodRejected"] as const) {
      expectNoObjection(injectedContainer, headlineIn(scene, reason), scene);
    }
    expectNoObjection(injectedContainer, failing("CrashLooping"), scene);
  });
});
