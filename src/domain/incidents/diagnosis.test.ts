import { expect } from "chai";
import { aRevision, GOOD } from "../testing/a-revision.ts";
import { appWith, labels } from "../testing/a-template.ts";
import { rootCause } from "./diagnosis.ts";

describe("rootCause", () => {
  describe("of pods that are not ready", () => {
    const causeOf = (...evidence: string[]) => rootCause("NotReady", evidence, undefined, undefined);

    it("is the probe when this rollout changed what it asks", () => {
      const change = "this rollout changed the probe of container app: GET :8080/ → GET :80/";
      expect(causeOf(change, "HTTP probe failed with statuscode: 404")).to.equal(
        "The rollout changed the probe of container app (GET :8080/ → GET :80/), and nothing answers there as it should.",
      );
    });

    it("is what the application answers", () => {
      expect(causeOf("Readiness probe failed: HTTP probe failed with statuscode: 500")).to.equal(
        "The application answers its health check with HTTP 500.",
      );
    });

    it("is that it does not answer in time", () => {
      expect(causeOf("context deadline exceeded (Client.Timeout exceeded)")).to.contain("in time");
    });

    it("is that nothing listens", () => {
      expect(causeOf("dial tcp 10.0.0.7:80: connect: connection refused")).to.contain("Nothing listens");
    });

    it("stays unknown when nothing tells it", () => {
      expect(causeOf("pod checkout-1: Ready is False")).to.equal(undefined);
    });
  });

  describe("of a crash loop", () => {
    const crash = (evidence: string, failed = GOOD) => rootCause("CrashLooping", [evidence], failed, GOOD);

    it("is what the container wrote last, above all", () => {
      expect(crash("exit code 127, after 1s, it wrote: no such table")).to.equal(
        "The container's last words: no such table",
      );
    });

    it("is the liveness probe when that fails", () => {
      expect(crash("Event Unhealthy on p: Liveness probe failed: connection refused")).to.contain(
        "liveness probe",
      );
    });

    it("is the environment variable that the rollout took away", () => {
      const without = aRevision("b", 2, {}, appWith({ envNames: ["LOG_LEVEL"] }));
      expect(crash("exit code 1", without)).to.equal("The new revision no longer sets DATABASE_URL.");
    });

    it("is the command when the exit code says so", () => {
      expect(crash("last ended as Error, exit code 127, after 0s")).to.contain(
        "The command is not in the image",
      );
      expect(crash("last ended as Error, exit code 126, after 0s")).to.contain(
        "The command is not in the image",
      );
    });

    it("stays unknown when nothing tells it", () => {
      expect(crash("last ended as Error, exit code 1, after 2s")).to.equal(undefined);
    });
  });

  it("of empty endpoints is the label that the new pods lost", () => {
    const lost = aRevision("b", 2, {}, labels({ app: "checkout" }));
    expect(rootCause("EmptyEndpoints", [], lost, GOOD)).to.equal(
      "The new pods lost tier=backend, which the Service selects on.",
    );
    expect(rootCause("EmptyEndpoints", [], GOOD, GOOD)).to.equal(undefined);
    expect(rootCause("EmptyEndpoints", [], lost, undefined)).to.equal(undefined);
  });

  it("of a container that cannot be created is what is missing, word for word", () => {
    const evidence = ['container app: CreateContainerConfigError: secret "database" not found'];
    expect(rootCause("ContainerConfigError", evidence, GOOD, GOOD)).to.equal('secret "database" not found');
  });

  it("of a container killed for its memory is its limit", () => {
    expect(rootCause("OutOfMemory", [], GOOD, GOOD)).to.contain("more memory than its limit");
  });

  it("is left to the message where that says it already", () => {
    for (const reason of [
      "ImagePullFailing",
      "CreateFailed",
      "Unschedulable",
      "ProgressDeadlineExceeded",
    ] as const) {
      expect(rootCause(reason, ["anything"], GOOD, GOOD)).to.equal(undefined);
    }
  });
});
