import { expect } from "chai";
import { beingDeleted, cannotBeCreated, imageMissing, onLostNode, type PodTrait } from "../testing/a-pod.ts";
import { appWith } from "../testing/a-template.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import {
  andPods,
  changing,
  losingService,
  wanting,
  warned,
  withOldPods,
  withPods,
  withSpec,
  withStatus,
} from "../testing/facts.ts";
import { later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, at, type Fact } from "../testing/scene.ts";
import { imagePull } from "./image-pull.ts";

const missing = imageMissing(later(seconds(3)));
/** A rollout that is losing service. */
const hurting = (...facts: readonly Fact[]) => aRollout(losingService, ...facts);

/** This release pulls from a repository from which the good revision does not. */
const moved = changing(appWith({ image: "registry.example/team/checkout:2" }));

/** The image cannot be pulled, and the waiting container says why, as kubelets do since v1.32. */
function refusedWith(words: string): PodTrait {
  return (pod) => ({
    ...missing(pod),
    containers: missing(pod).containers.map((one) => ({
      ...one,
      state: { is: "waiting", reason: "ImagePullBackOff", message: `Back-off pulling image: ${words}` },
    })),
  });
}

describe("imagePull", () => {
  it("finds nothing wrong with images that are there", () => {
    expectHealthy(imagePull, aRollout());
  });

  it("gives a registry the guard's patience, 20 s by default while service is lost", () => {
    expectPending(imagePull, hurting(withPods(3, missing), at(seconds(22.9))), seconds(23));
    expectFailing(imagePull, "ImagePullFailing", hurting(withPods(3, missing), at(seconds(23))));
    const patient = withSpec({ checks: { imagePull: { patience: "2m" } } });
    expectPending(imagePull, hurting(patient, withPods(3, missing)), seconds(123));
    expectPending(imagePull, aRollout(patient, withPods(3, refusedWith("429"))), seconds(123));
  });

  describe("by what the registry says", () => {
    it("gives a mistake of the release 20 s, hurt or not", () => {
      const mistakes = [
        "registry.example/checkout:2: manifest unknown",
        "pull access denied, repository does not exist or may require authorization",
        "401 Unauthorized: authentication required",
      ];
      for (const words of mistakes) {
        const stuck = [moved, withPods(3, refusedWith(words))];
        expectPending(imagePull, aRollout(...stuck, at(seconds(22))), seconds(23));
        expectFailing(imagePull, "ImagePullFailing", aRollout(...stuck, at(seconds(23))));
      }
    });

    it("gives a registry that throttles or fails minutes, and until the deadline while nobody is hurt", () => {
      for (const words of ["429 Too Many Requests", "502 Bad Gateway", "read: i/o timeout"]) {
        const waiting = withPods(3, refusedWith(words));
        expectPending(imagePull, hurting(waiting), seconds(183));
        expectPending(imagePull, aRollout(waiting, at(minutes(9))), minutes(10));
      }
    });

    it("gives words that fit a mistake and an outage two minutes while nobody is hurt", () => {
      for (const words of ["lookup registry.example: no such host", "x509: certificate has expired"]) {
        expectPending(imagePull, aRollout(moved, withPods(3, refusedWith(words))), seconds(123));
        expectFailing(imagePull, "ImagePullFailing", hurting(moved, withPods(3, refusedWith(words))));
      }
    });

    it("does not blame the release for a registry that denies access, or is away, to the repository of before", () => {
      for (const words of [
        "401 Unauthorized: your authorization token has expired",
        "pull access denied, repository does not exist or may require authorization",
        "lookup registry.example: no such host",
        "x509: certificate has expired",
      ]) {
        const denied = withPods(3, refusedWith(words));
        expectPending(imagePull, aRollout(denied, at(minutes(9))), minutes(10));
        expectFailing(imagePull, "ImagePullFailing", hurting(denied));
        const otherSecret = changing((template) => ({ ...template, otherFields: { imagePullSecrets: 2 } }));
        expectFailing(imagePull, "ImagePullFailing", aRollout(otherSecret, denied, at(minutes(3))));
      }
      const unknown = withPods(3, refusedWith("registry.example/checkout:2: not found"));
      expectFailing(imagePull, "ImagePullFailing", aRollout(unknown, at(seconds(23))));
    });

    it("reads the newest Event where the container only says that it backs off, as before v1.32", () => {
      const event = (words: string) =>
        warned("Failed", `Failed to pull image "registry.example/checkout:2": ${words}`);
      expectFailing(imagePull, "ImagePullFailing", aRollout(withPods(3, missing), event("manifest unknown")));
      expectPending(imagePull, aRollout(withPods(3, missing), event("429 Too Many Requests")), minutes(10));
    });

    it("gives two and a half minutes where it says nothing, and nobody is hurt", () => {
      expectPending(imagePull, aRollout(withPods(3, missing)), seconds(153));
    });
  });

  describe("of the one new pod of many while the old ones serve", () => {
    const first = [
      wanting(10),
      withOldPods(9),
      withStatus({ services: [{ name: "checkout", endpoints: 9 }] }),
    ];

    it("takes a mistake for the release's", () => {
      const scene = aRollout(...first, withPods(1, refusedWith("manifest unknown")));
      expectFailing(imagePull, "ImagePullFailing", scene);
    });

    it("takes anything else for its node's, until the deadline or a second pod", () => {
      const alone = aRollout(moved, ...first, withPods(1, refusedWith("no such host")), at(minutes(5)));
      expectPending(imagePull, alone, minutes(10));
      const two = aRollout(moved, ...first, withPods(2, refusedWith("no such host")), at(minutes(5)));
      expectFailing(imagePull, "ImagePullFailing", two);
    });
  });

  it("names the image and quotes what the kubelet and the registry say", () => {
    const registry = 'Failed to pull image "registry.example/checkout:2": not found';
    const scene = aRollout(withPods(1, missing), warned("Failed", registry));
    const finding = expectFailing(imagePull, "ImagePullFailing", scene);
    expect(finding.message).to.equal("1 of 1 pod cannot pull registry.example/checkout:2");
    expect(finding.evidence).to.have.length(2);
    expect(finding.evidence[0]).to.contain("ImagePullBackOff");
    expect(finding.evidence[1]).to.contain(registry);
  });

  it("counts from when half of the pods were affected", () => {
    const recently = imageMissing(later(seconds(50)));
    expectPending(imagePull, hurting(withPods(1, missing), andPods(2, recently)), seconds(70));
    expectFailing(imagePull, "ImagePullFailing", hurting(withPods(2, missing), andPods(1, recently)));
  });

  it("finds nothing wrong while fewer than half of the pods are affected", () => {
    expectHealthy(imagePull, hurting(withPods(2), andPods(1, missing), at(minutes(20))));
  });

  it("does not count pods that are being deleted", () => {
    expectHealthy(imagePull, hurting(withPods(3, missing, beingDeleted), at(minutes(20))));
  });

  it("waits while nodes are lost: a later try cannot be heard", () => {
    const lost = withOldPods(3, onLostNode(later(seconds(4))));
    expectPending(imagePull, hurting(withPods(3, missing), lost, at(minutes(20))), "again");
  });

  it("leaves other trouble in starting to configError", () => {
    expectHealthy(imagePull, hurting(withPods(3, cannotBeCreated("no such key", later(0))), at(minutes(20))));
  });

  it("can be turned off", () => {
    const off = withSpec({ checks: { imagePull: { enabled: false } } });
    expectHealthy(imagePull, hurting(off, withPods(3, missing), at(minutes(20))));
  });
});
