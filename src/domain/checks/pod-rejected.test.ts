import { expect } from "chai";
import { crashed, createdAt, disrupted, type PodTrait, rejected } from "../testing/a-pod.ts";
import { scheduling } from "../testing/a-template.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import {
  andPods,
  changing,
  losingService,
  wanting,
  withOldPods,
  withPods,
  withSpec,
} from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, at } from "../testing/scene.ts";
import { podRejected } from "./pod-rejected.ts";

const forbidden = rejected("SysctlForbidden");

describe("podRejected", () => {
  it("finds nothing wrong with pods that run", () => {
    expectHealthy(podRejected, aRollout());
  });

  it("gives nodes that reject every pod for what the template asks 45 s, hurt or not", () => {
    for (const facts of [[], [losingService]]) {
      const pods = [...facts, withPods(3, forbidden)];
      expectPending(podRejected, aRollout(...pods, at(seconds(44))), seconds(45));
      const finding = expectFailing(podRejected, "PodRejected", aRollout(...pods, at(seconds(45))));
      expect(finding.message).to.equal(
        "nodes rejected 3 pods of checkout-596f7cbf4b in a row: SysctlForbidden",
      );
      expect(finding.evidence[0]).to.equal(
        "pod checkout-596f7cbf4b-0 on node node-a: Failed, SysctlForbidden",
      );
    }
  });

  it("knows the reason that most of them have", () => {
    for (const reason of ["AppArmor", "PodOSNotSupported", "UnsupportedOS"]) {
      const mixed = [withPods(3, rejected(reason)), andPods(1, forbidden)];
      const { message } = expectFailing(podRejected, "PodRejected", aRollout(...mixed));
      expect(message).to.contain(reason);
    }
  });

  it("waits as long as the guard says", () => {
    const patient = withSpec({ checks: { podRejected: { patience: "5m" } } });
    expectPending(podRejected, aRollout(patient, withPods(3, forbidden)), minutes(5));
  });

  describe("by nodes that have no room, no device, or not the labels that it selects", () => {
    const full = [
      "OutOfcpu",
      "OutOfmemory",
      "InsufficientResourceError",
      "UnexpectedAdmissionError",
      "TopologyAffinityError",
      "NodeAffinity",
    ];

    it("has minutes, and until the deadline while nobody is hurt: another pod was faster", () => {
      for (const reason of full) {
        expectPending(podRejected, aRollout(losingService, withPods(3, rejected(reason))), seconds(180));
        expectPending(podRejected, aRollout(withPods(3, rejected(reason))), minutes(10));
      }
    });

    it("is a mistake when this release asks for something else than the good revision", () => {
      const asksForMore = changing(scheduling("asks for a lot"));
      for (const reason of full) {
        const scene = aRollout(asksForMore, withPods(3, rejected(reason)));
        expectFailing(podRejected, "PodRejected", scene);
      }
    });
  });

  it("takes one or two for an accident of scheduler and node", () => {
    expectHealthy(podRejected, aRollout(withPods(2, forbidden), at(minutes(9))));
  });

  it("finds nothing wrong when some node takes a pod", () => {
    expectHealthy(podRejected, aRollout(withPods(9, forbidden), andPods(1), at(minutes(9))));
  });

  describe("by nodes that evict them for what they use of its disk", () => {
    const full: PodTrait = (pod) => ({
      ...rejected("Evicted", 'Usage of EmptyDir volume "cache" exceeds the limit "1Gi". ')(pod),
      containers: crashed({ restarts: 0 })(pod).containers,
    });

    it("is the release's doing, though others run at this moment", () => {
      const scene = aRollout(withPods(3, full), andPods(3));
      expect(expectFailing(podRejected, "PodRejected", scene).message).to.equal(
        'nodes evicted 3 pods of checkout-596f7cbf4b: Usage of EmptyDir volume "cache" exceeds the limit "1Gi".',
      );
      for (const message of [
        "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ",
        'Container app exceeded its local ephemeral storage limit "1Gi". ',
      ]) {
        const one: PodTrait = (pod) => ({ ...full(pod), message });
        expectFailing(podRejected, "PodRejected", aRollout(withPods(3, one)));
      }
    });

    it("is not where the node itself was short of it, nor of few pods of many", () => {
      const low: PodTrait = (pod) => ({
        ...full(pod),
        message: "The node was low on resource: ephemeral-storage. ",
      });
      expectHealthy(podRejected, aRollout(withPods(5, low), andPods(3)));
      expectHealthy(podRejected, aRollout(wanting(8), withPods(3, full), andPods(8)));
      expectHealthy(podRejected, aRollout(withPods(2, full), andPods(3)));
    });
  });

  it("does not count pods that a node ended for its own reasons", () => {
    for (const reason of ["Evicted", "NodeShutdown", "Preempting", "NodeLost", "Terminated"]) {
      expectHealthy(podRejected, aRollout(withPods(5, rejected(reason)), at(minutes(9))));
    }
    expectHealthy(podRejected, aRollout(withPods(5, forbidden, disrupted), at(minutes(9))));
  });

  it("does not count pods of which a container has run: they were not rejected", () => {
    const failed: PodTrait = (pod) => ({ ...pod, phase: "Failed" });
    expectHealthy(podRejected, aRollout(withPods(5, crashed({ restarts: 0 }), failed), at(minutes(9))));
    expectHealthy(podRejected, aRollout(withPods(5, failed), at(minutes(9))));
  });

  it("does not count pods of before the rollout, nor those of the revision before", () => {
    const old = withPods(5, forbidden, createdAt(earlier(minutes(5))));
    expectHealthy(podRejected, aRollout(old, at(minutes(9))));
    expectHealthy(podRejected, aRollout(withPods(0), withOldPods(5, forbidden), at(minutes(9))));
  });

  it("counts from the first of them", () => {
    const piling = [withPods(1, forbidden), andPods(4, createdAt(later(seconds(40))), forbidden)];
    expectPending(podRejected, aRollout(...piling, at(seconds(44))), seconds(45));
  });

  it("can be turned off", () => {
    const off = withSpec({ checks: { podRejected: { enabled: false } } });
    expectHealthy(podRejected, aRollout(off, withPods(3, forbidden), at(minutes(9))));
  });
});
