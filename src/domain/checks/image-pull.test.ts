import { expect } from "chai";
import { beingDeleted, cannotBeCreated, imageMissing, onLostNode } from "../testing/a-pod.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import { andPods, warned, withOldPods, withPods, withSpec } from "../testing/facts.ts";
import { later, seconds } from "../testing/instants.ts";
import { aRollout, at } from "../testing/scene.ts";
import { imagePull } from "./image-pull.ts";

const missing = imageMissing(later(seconds(3)));

describe("imagePull", () => {
  it("finds nothing wrong with images that are there", () => {
    expectHealthy(imagePull, aRollout());
  });

  it("gives a registry the guard's patience, 20 s by default", () => {
    expectPending(imagePull, aRollout(withPods(3, missing), at(seconds(22.9))), seconds(23));
    expectFailing(imagePull, "ImagePullFailing", aRollout(withPods(3, missing), at(seconds(23))));
    const patient = withSpec({ checks: { imagePull: { patience: "2m" } } });
    expectPending(imagePull, aRollout(patient, withPods(3, missing)), seconds(123));
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
    expectPending(imagePull, aRollout(withPods(1, missing), andPods(2, recently)), seconds(70));
    expectFailing(imagePull, "ImagePullFailing", aRollout(withPods(2, missing), andPods(1, recently)));
  });

  it("finds nothing wrong while fewer than half of the pods are affected", () => {
    expectHealthy(imagePull, aRollout(withPods(2), andPods(1, missing)));
  });

  it("does not count pods that are being deleted", () => {
    expectHealthy(imagePull, aRollout(withPods(3, missing, beingDeleted)));
  });

  it("waits while nodes are lost: a later try cannot be heard", () => {
    const lost = withOldPods(3, onLostNode(later(seconds(4))));
    expectPending(imagePull, aRollout(withPods(3, missing), lost), "again");
  });

  it("leaves other trouble in starting to configError", () => {
    expectHealthy(imagePull, aRollout(withPods(3, cannotBeCreated("no such key", later(0)))));
  });

  it("can be turned off", () => {
    const off = withSpec({ checks: { imagePull: { enabled: false } } });
    expectHealthy(imagePull, aRollout(off, withPods(3, missing)));
  });
});
