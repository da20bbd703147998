import { expect } from "chai";
import { waitsFor } from "../testing/a-pod.ts";
import { appWith } from "../testing/a-template.ts";
import { causesIn, imagePullFails, itRecognises } from "../testing/expect-cause.ts";
import { changing, withPods } from "../testing/facts.ts";
import { imageNotPulled } from "./image-not-pulled.ts";

describe("imageNotPulled", () => {
  itRecognises(imageNotPulled, {
    "a tag that nobody pushed": {
      ...imagePullFails(
        'failed to resolve reference "registry.example/checkout:2": registry.example/checkout:2: not found',
      ),
      cause: "ImageNotFound",
      certainty: "Certain",
      names:
        /registry has no image registry\.example\/checkout:2 \(container app\); it was registry\.example\/checkout:1 before/,
    },
    "an image that one may not have": {
      ...imagePullFails(
        "pull access denied, repository does not exist or may require authorization: authorization failed",
      ),
      cause: "ImageAccessDenied",
      certainty: "Certain",
      names: /denies access to image.*imagePullSecret/,
    },
    "an image with a wrong name": {
      ...imagePullFails(
        'couldn\'t parse image reference "Checkout:2": invalid reference format',
        "InvalidImageName",
      ),
      cause: "ImageNameInvalid",
      certainty: "Certain",
      names: /is not a valid image name/,
    },
    "an image that may not be pulled": {
      ...imagePullFails('Container image "x" is not present with pull policy of Never', "ErrImageNeverPull"),
      cause: "ImageNotOnNode",
      certainty: "Certain",
      names: /imagePullPolicy/,
    },
    "a registry that is not there": {
      ...imagePullFails(
        'failed to do request: Head "https://registry.example/v2/": dial tcp: lookup registry.example: no such host',
      ),
      cause: "RegistryUnreachable",
      certainty: "Certain",
      names: /registry of image registry\.example\/checkout:2 cannot be reached/,
    },
    "an image of which nothing is said": {
      ...imagePullFails("rpc error: code = Unknown"),
      cause: "Unknown",
      certainty: "Unknown",
      names: /Image registry\.example\/checkout:2 cannot be pulled, and no message says why/,
    },
  });

  it("takes no image's name for the words of a registry", () => {
    const facts = [
      changing(appWith({ image: "registry.example/not-found:404" })),
      withPods(3, waitsFor("ErrImagePull", "i/o timeout")),
    ];
    const says = 'Failed to pull image "registry.example/not-found:404": i/o timeout';
    expect(causesIn({ reason: "ImagePullFailing", says, facts })[0]?.class).to.equal("RegistryUnreachable");
  });
});
