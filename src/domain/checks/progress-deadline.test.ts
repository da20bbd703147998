import { expect } from "chai";
import {
  cannotBeCreated,
  containerIs,
  crashed,
  notReadyYet,
  onLostNode,
  unschedulable,
  waitsFor,
} from "../testing/a-pod.ts";
import { GOOD, remembered } from "../testing/a-revision.ts";
import { extraContainer, startupProbe } from "../testing/a-template.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import {
  andPods,
  beganWith,
  changing,
  deadlineExceededAt,
  refusedSince,
  wanting,
  warned,
  withOldPods,
  withPods,
  withReferences,
  withSpec,
  withSurroundings,
  withWorkload,
} from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, at, ledger } from "../testing/scene.ts";
import { progressDeadline } from "./progress-deadline.ts";

const stuck = withPods(3, notReadyYet);
const exceeded = deadlineExceededAt(later(minutes(10)));
const over = [exceeded, at(minutes(10))];

describe("progressDeadline", () => {
  it("finds nothing wrong while Kubernetes sees progress", () => {
    expectHealthy(progressDeadline, aRollout(stuck, at(minutes(30))));
  });

  it("takes Kubernetes' word at once, and quotes it", () => {
    const finding = expectFailing(
      progressDeadline,
      "ProgressDeadlineExceeded",
      aRollout(stuck, exceeded, at(minutes(10))),
    );
    expect(finding.message).to.equal(
      "Kubernetes reports no progress for 600 s: 0 of 3 new pods are ready; pod checkout-596f7cbf4b-0: it is running but not ready",
    );
    expect(finding.evidence[0]).to.contain("has timed out progressing");
  });

  it("does not count a verdict on the rollout before", () => {
    expectHealthy(progressDeadline, aRollout(stuck, deadlineExceededAt(earlier(minutes(1)))));
  });

  it("does not count a verdict while the present generation was not observed", () => {
    const unseen = withWorkload({ generation: 5 });
    expectHealthy(progressDeadline, aRollout(stuck, exceeded, unseen, at(minutes(10))));
  });

  it("is lenient by a second with the beginning: Kubernetes' instants are whole seconds", () => {
    expectFailing(
      progressDeadline,
      "ProgressDeadlineExceeded",
      aRollout(stuck, deadlineExceededAt(later(-seconds(1))), at(minutes(10))),
    );
  });

  it("listens to no other condition", () => {
    const condition = { message: "", transitionAt: later(seconds(9)), updatedAt: later(seconds(9)) };
    const others = [
      { ...condition, type: "Progressing", status: "False", reason: "ReplicaSetCreateError" },
      { ...condition, type: "Progressing", status: "Unknown", reason: "DeploymentPaused" },
      { ...condition, type: "Available", status: "False", reason: "MinimumReplicasUnavailable" },
    ] as const;
    expectHealthy(progressDeadline, aRollout(stuck, withWorkload({ conditions: others })));
  });

  describe("how many pods it takes", () => {
    const withUnwellPods = (pods: number, unwell: number) => [
      wanting(pods),
      withPods(pods - unwell),
      andPods(unwell, notReadyYet),
      ...over,
    ];

    it("is half of the new ones: nine that serve are not replaced because the tenth does not", () => {
      expectHealthy(progressDeadline, aRollout(...withUnwellPods(10, 1)));
      expectHealthy(progressDeadline, aRollout(...withUnwellPods(10, 4)));
      expectFailing(progressDeadline, "ProgressDeadlineExceeded", aRollout(...withUnwellPods(10, 5)));
    });

    it("counts those that could not be created", () => {
      const created = (count: number) =>
        aRollout(wanting(10), refusedSince(later(0), "exceeded quota"), withPods(count), ...over);
      expectHealthy(progressDeadline, created(6));
      const finding = expectFailing(progressDeadline, "ProgressDeadlineExceeded", created(5));
      expect(finding.message).to.contain("5 of 10 new pods are ready; 5 are not created");
    });

    it("waits up to an hour for those that nobody has refused: their controller is away", () => {
      const none = [wanting(3), withPods(0), exceeded];
      const finding = expectPending(progressDeadline, aRollout(...none, at(minutes(50))), minutes(60));
      expect(finding.verdict === "pending" && finding.message).to.contain("3 are not created");
      expectFailing(progressDeadline, "ProgressDeadlineExceeded", aRollout(...none, at(minutes(60))));
    });

    it("does not count what an autoscaler wanted since it began", () => {
      const scaled = [wanting(10), refusedSince(later(0), "exceeded quota"), withPods(3), ...over];
      expectHealthy(progressDeadline, aRollout(beganWith(3), ...scaled));
      expectFailing(progressDeadline, "ProgressDeadlineExceeded", aRollout(...scaled));
    });

    it("does not count as many as are not ready in the good revision, by design", () => {
      const oneOfThree = ledger(remembered(GOOD, "Good", earlier(minutes(50)), { readyPercent: 35 }));
      const leader = [withPods(1), andPods(2, notReadyYet), withOldPods(0)];
      expectHealthy(progressDeadline, aRollout(oneOfThree, ...leader, ...over));
      expectFailing(progressDeadline, "ProgressDeadlineExceeded", aRollout(...leader, ...over));
    });
  });

  describe("who has a reason to take longer", () => {
    it("are pods whose startup probe allows it", () => {
      const slow = withReferences(startupProbe({ periodMs: seconds(10), failureThreshold: 90 }));
      // They run since the third second; 90 × 10 s and a second, then the readiness probe's 3 × 5 s and a second.
      expectPending(progressDeadline, aRollout(slow, stuck, ...over), seconds(2 + 901 + 16));
    });

    it("are pods of a version of which the good one took so long", () => {
      const slow = ledger(remembered(GOOD, "Good", earlier(minutes(50)), { secondsToReady: 400 }));
      expectPending(progressDeadline, aRollout(slow, stuck, ...over), seconds(802));
    });

    it("are not pods that have crashed: those have had their time", () => {
      const slow = withReferences(startupProbe({ periodMs: seconds(10), failureThreshold: 90 }));
      const killed = withPods(3, crashed({ restarts: 1 }));
      expectFailing(progressDeadline, "ProgressDeadlineExceeded", aRollout(slow, killed, ...over));
    });

    it("are pods of which an init container runs and has not failed, for an hour", () => {
      const running = { is: "running", startedAt: later(seconds(2)) } as const;
      const migrating = [
        changing(extraContainer("migrate", "init")),
        withPods(3, waitsFor("PodInitializing"), containerIs("migrate", { isReady: false, state: running })),
        ...over,
      ];
      const finding = expectPending(progressDeadline, aRollout(...migrating), minutes(60) + seconds(2));
      expect(finding.verdict === "pending" && finding.message).to.contain(
        "init container migrate is running",
      );
    });

    it("are pods whose image is being pulled, for an hour", () => {
      const pulling = withPods(3, waitsFor("ContainerCreating"));
      expectPending(progressDeadline, aRollout(pulling, ...over), minutes(60));
    });

    it("are not pods of whose volumes somebody complains", () => {
      const mounting = [
        withPods(3, waitsFor("ContainerCreating")),
        warned("FailedMount", 'MountVolume.SetUp failed for volume "v": configmap "settings" not found'),
        ...over,
      ];
      const finding = expectFailing(progressDeadline, "ProgressDeadlineExceeded", aRollout(...mounting));
      expect(finding.message).to.contain('configmap "settings" not found');
      expect(finding.evidence.join("\n")).to.contain("Event FailedMount");
    });

    it("are pods on lost nodes, for as long as these are lost", () => {
      const lost = withPods(3, onLostNode(later(minutes(2))));
      expectPending(progressDeadline, aRollout(lost, ...over), "again");
    });

    it("are few: half of the pods without a reason are enough", () => {
      const some = [withPods(1, waitsFor("ContainerCreating")), andPods(2, notReadyYet)];
      expectFailing(progressDeadline, "ProgressDeadlineExceeded", aRollout(...some, ...over));
    });
  });

  it("says why the pods are not there, in the words of Kubernetes' components", () => {
    const why = [
      [unschedulable(later(0)), "0/3 nodes are available: 3 Insufficient memory."],
      [cannotBeCreated("no such key", later(0)), "container app: CreateContainerConfigError: no such key"],
      [crashed({ restarts: 1 }), "container app: CrashLoopBackOff: back-off restarting"],
    ] as const;
    for (const [trait, words] of why) {
      const scene = aRollout(withPods(3, trait), ...over);
      const { message, evidence } = expectFailing(progressDeadline, "ProgressDeadlineExceeded", scene);
      expect(message).to.contain(words);
      expect(evidence.join("\n")).to.contain(words);
    }
  });

  it("gives no verdict on a deadline that ran out in an outage: the next one counts from its end", () => {
    const outages = [1, 2, 3].map((number) => ({
      namespace: "shop",
      kind: "Deployment" as const,
      name: `neighbour-${number}`,
      downSinceAt: later(minutes(1)),
      upAt: later(minutes(12)),
    }));
    const ended = withSurroundings({ settledNearby: 5, outages });
    expectPending(progressDeadline, aRollout(ended, stuck, exceeded, at(minutes(13))), minutes(22));
  });

  it("can be turned off", () => {
    const off = withSpec({ checks: { progressDeadline: { enabled: false } } });
    expectHealthy(progressDeadline, aRollout(off, stuck, exceeded, at(minutes(10))));
  });
});
