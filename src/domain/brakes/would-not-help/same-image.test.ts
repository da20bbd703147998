import { failing } from "../../testing/a-finding.ts";
import { containerIs, imageMissing } from "../../testing/a-pod.ts";
import { appWith, extraContainer } from "../../testing/a-template.ts";
import { expectNoObjection, expectObjection } from "../../testing/expect-objection.ts";
import { changing, withPods, withReferences } from "../../testing/facts.ts";
import { later } from "../../testing/instants.ts";
import { aRollout } from "../../testing/scene.ts";
import { sameImage } from "./same-image.ts";

const headline = failing("ImagePullFailing");
const missing = imageMissing(later(0));
const sameTag = changing(appWith({ image: "registry.example/checkout:1" }));

describe("an image that the good revision uses too", () => {
  it("is no reason to go back", () => {
    const scene = aRollout(sameTag, withPods(3, missing));
    expectObjection(sameImage, headline, scene, "uses the same image, registry.example/checkout:1");
  });

  it("is one where a new image is missing as well", () => {
    expectNoObjection(sameImage, headline, aRollout(withPods(3, missing)));
    const proxy = withReferences(extraContainer("proxy", "sidecar"));
    const both = containerIs("proxy", { state: { is: "waiting", reason: "ErrImagePull", message: "" } });
    expectNoObjection(sameImage, headline, aRollout(proxy, withPods(3, missing, both)));
  });

  it("says nothing of other findings, nor where no container waits for an image", () => {
    expectNoObjection(sameImage, failing("CrashLooping"), aRollout(sameTag, withPods(3, missing)));
    expectNoObjection(sameImage, headline, aRollout(sameTag));
  });
});
