import type { FindingReason } from "../../../api/reasons.ts";
import { failing } from "../../testing/a-finding.ts";
import { imageMissing, rejected } from "../../testing/a-pod.ts";
import { appWith, scheduling } from "../../testing/a-template.ts";
import { expectNoObjection, expectObjection } from "../../testing/expect-objection.ts";
import { rolloutIn } from "../../testing/expect-verdict.ts";
import { changing, losingService, withOldPods, withPods } from "../../testing/facts.ts";
import { later } from "../../testing/instants.ts";
import { aRollout, given } from "../../testing/scene.ts";
import { externalCause } from "./external-cause.ts";

const because = (reason: FindingReason, ...evidence: readonly string[]) => failing(reason, { evidence });

describe("what the cluster itself reports as the cause", () => {
  it("is a webhook that does not respond: no pod of any revision can be created", () => {
    const away =
      'Internal error occurred: failed calling webhook "inject.example": Post "https://inject": connection refused';
    expectObjection(
      externalCause,
      because("CreateFailed", away),
      aRollout(),
      "Admission webhook inject.example does not respond",
    );
    const denied = 'admission webhook "policy.example" denied the request: no';
    expectNoObjection(externalCause, because("CreateFailed", denied), aRollout());
  });

  it("is a webhook that could not check the pods", () => {
    const message =
      'admission webhook "verify.example" denied the request: cannot verify the image: Get "https://registry.example/v2/": dial tcp: i/o timeout';
    expectObjection(
      externalCause,
      failing("CreateFailed", { message }),
      aRollout(),
      "Admission webhook verify.example denies pods because a server that it asks does not respond",
    );
  });

  describe("a registry", () => {
    const throttled = ["429 Too Many Requests", "502 Bad Gateway", "toomanyrequests: rate limit"];

    it("that throttles or fails is not the release's doing", () => {
      for (const words of throttled) {
        expectObjection(
          externalCause,
          because("ImagePullFailing", words),
          aRollout(),
          "The registry throttles pulls or fails",
        );
      }
    });

    it("is tried with the old image where service is lost: most nodes still have it", () => {
      for (const words of throttled) {
        expectNoObjection(externalCause, because("ImagePullFailing", words), aRollout(losingService));
      }
    });

    it("that is away, or denies access, to the repository of before, is not the release's doing", () => {
      const denied = "401 Unauthorized: your authorization token has expired";
      const stuck = aRollout(withPods(3, imageMissing(later(0))));
      const pods = rolloutIn(stuck).pods;
      for (const words of [denied, "lookup registry.example: no such host", "read: i/o timeout"]) {
        const headline = failing("ImagePullFailing", { evidence: [words], pods });
        expectObjection(externalCause, headline, stuck, "to the same repository as before");
        const moved = changing(appWith({ image: "registry.example/team/checkout:2" }));
        expectNoObjection(externalCause, headline, given(stuck, moved));
        expectNoObjection(externalCause, headline, given(stuck, losingService));
      }
      const unknown = failing("ImagePullFailing", { evidence: ["checkout:2: not found"], pods });
      expectNoObjection(externalCause, unknown, stuck);
    });

    it("that does not know the image is, whatever number its tag is", () => {
      for (const words of ["manifest unknown", "registry.example/web:502: not found"]) {
        expectNoObjection(externalCause, because("ImagePullFailing", words), aRollout());
      }
      expectNoObjection(externalCause, because("CrashLooping", "it wrote: 429"), aRollout());
    });
  });

  describe("a driver or a network plugin of the node", () => {
    const driver = "driver name ebs.csi.aws.com not found in the list of registered CSI drivers";
    const sandbox = "Event FailedCreatePodSandBox on a pod: no IP addresses available";

    it("is not the release's doing", () => {
      const headline = because("ContainerConfigError", driver);
      expectObjection(externalCause, headline, aRollout(), "CSI driver ebs.csi.aws.com is not registered");
      expectObjection(
        externalCause,
        because("ProgressDeadlineExceeded", sandbox),
        aRollout(),
        "The node cannot create pod sandboxes",
      );
    });

    it("can be where this release asks for another sandbox", () => {
      for (const field of ["runtimeClassName", "hostNetwork", "securityContext"]) {
        const other = changing((template) => ({ ...template, otherFields: { [field]: 1 } }));
        expectNoObjection(externalCause, because("ContainerConfigError", sandbox), aRollout(other));
      }
    });

    it("can be where this release was the first to ask for its volume", () => {
      const mounts = changing((template) => ({ ...template, volumes: ["data: CSI ebs.csi.aws.com"] }));
      expectNoObjection(externalCause, because("ContainerConfigError", driver), aRollout(mounts));
    });
  });

  describe("a quota without room", () => {
    const without = (requested: string) =>
      because(
        "CreateFailed",
        `pods "web-1" is forbidden: exceeded quota: compute, requested: ${requested}, used: 8, limited: 8`,
      );
    const full = without("limits.memory=1Gi");
    const more = changing(appWith({ resources: ["limits.memory=4Gi"] }));

    it("is met by the old revision as well, when it asks for as much and needs new pods", () => {
      expectObjection(externalCause, full, aRollout(withOldPods(1)), "Quota compute is used up");
    });

    it("is not where its pods still run, or it asked for less", () => {
      expectNoObjection(externalCause, full, aRollout(withOldPods(3)));
      expectNoObjection(externalCause, full, aRollout(more, withOldPods(1)));
      expectNoObjection(externalCause, without("pods=1,limits.memory=4Gi"), aRollout(more, withOldPods(1)));
    });

    it("is met by the old revision too where it counts something else than what the release asks more of", () => {
      for (const requested of ["pods=1", "count/pods=1", "requests.cpu=1,pods=1"])
        expectObjection(externalCause, without(requested), aRollout(more, withOldPods(1)), "Quota compute");
    });
  });

  describe("nodes without room", () => {
    const headline = because("Unschedulable", "0/3 nodes are available: 3 Insufficient memory.");

    it("would have none for the old pods either, which ask for the same", () => {
      expectObjection(externalCause, headline, aRollout(), "has the same scheduling requirements");
    });

    it("may have room for the old pods, which asked for something else", () => {
      const more = changing(scheduling("asks for a lot"));
      expectNoObjection(externalCause, headline, aRollout(more));
    });
  });

  it("says nothing of what only the pods do", () => {
    for (const reason of ["CrashLooping", "NotReady", "Degraded", "EmptyEndpoints"] as const) {
      expectNoObjection(externalCause, because(reason, "container app exits"), aRollout());
    }
  });

  it("is nodes that reject pods for what the good revision asks of them too", () => {
    for (const reason of ["OutOfcpu", "NodeAffinity", "UnexpectedAdmissionError"]) {
      const scene = aRollout(withPods(3, rejected(reason)));
      const pods = rolloutIn(scene).snapshot.pods.filter(({ phase }) => phase === "Failed");
      const headline = failing("PodRejected", { pods });
      expectObjection(externalCause, headline, scene, "has the same scheduling requirements");
      const other = changing(scheduling("asks for a lot"));
      expectNoObjection(externalCause, headline, given(scene, other));
    }
    const scene = aRollout(withPods(3, rejected("SysctlForbidden")));
    const pods = rolloutIn(scene).snapshot.pods.filter(({ phase }) => phase === "Failed");
    expectNoObjection(externalCause, failing("PodRejected", { pods }), scene);
  });
});
